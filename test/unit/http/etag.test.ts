import { describe, expect, it } from 'vitest';
import { unixMillis } from '../../../src/base/brands.ts';
import { type AnswerKey, entityTag, namesTag } from '../../../src/http/etag.ts';

const KEY: AnswerKey = { nonce: 'life1', revision: 5, now: unixMillis(60_000), representation: 'json', variant: '' };

describe('the entity tag', () => {
  it('is a weak tag that a header can carry', () => {
    expect(entityTag({ ...KEY, variant: 'DEAD|env in (a,b)' })).toMatch(/^W\/"[\w-]+"$/);
  });

  it('stays the same within a second', () => {
    expect(entityTag({ ...KEY, now: unixMillis(60_999) })).toBe(entityTag(KEY));
  });

  it.each<[string, Partial<AnswerKey>]>([
    ['life of the process', { nonce: 'life2' }],
    ['revision', { revision: 6 }],
    ['second', { now: unixMillis(61_000) }],
    ['representation', { representation: 'html' }],
    ['variant', { variant: 'DEAD|' }],
  ])('changes with the %s', (_what, change) => {
    expect(entityTag({ ...KEY, ...change })).not.toBe(entityTag(KEY));
  });
});

describe('If-None-Match', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['', false],
    ['*', true],
    [' * ', true],
    ['W/"a"', true],
    ['"a"', true],
    ['"b"', false],
    ['W/"b", W/"a"', true],
    ['"b","a"', true],
    ['"b" , "c"', false],
    ['a', false],
    ['"a', false],
    ['"b,a"', false],
    ['"*"', false],
  ])('%j names W/"a": %s', (header, named) => {
    expect(namesTag(header, 'W/"a"')).toBe(named);
  });
});
