import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSelector, type LabelSelector, type Requirement, selects } from '../../../src/http/label-selector.ts';
import { parseLabelSelector } from '../../../src/http/label-selector-parser.ts';

function parsed(text: string): LabelSelector {
  const result = parseLabelSelector(text);
  if (!result.ok) throw new Error(`at ${result.error.at}: ${result.error.message}`);
  return result.value;
}

function chosen(text: string, labels: Readonly<Record<string, string>>): boolean {
  return selects(parsed(text), labels);
}

describe('parsing a label selector', () => {
  it.each<[string, LabelSelector]>([
    ['', []],
    [' \t ', []],
    ['env', [{ operator: 'exists', key: 'env' }]],
    ['!canary', [{ operator: 'absent', key: 'canary' }]],
    [' ! canary ', [{ operator: 'absent', key: 'canary' }]],
    ['env=prod', [{ operator: 'in', key: 'env', values: ['prod'] }]],
    ['env==prod', [{ operator: 'in', key: 'env', values: ['prod'] }]],
    ['env = prod', [{ operator: 'in', key: 'env', values: ['prod'] }]],
    ['env!=prod', [{ operator: 'notIn', key: 'env', values: ['prod'] }]],
    ['env=', [{ operator: 'in', key: 'env', values: [''] }]],
    ['env in (a,b)', [{ operator: 'in', key: 'env', values: ['a', 'b'] }]],
    ['env in(a , b )', [{ operator: 'in', key: 'env', values: ['a', 'b'] }]],
    ['env in (a,)', [{ operator: 'in', key: 'env', values: ['a', ''] }]],
    ['env notin (a)', [{ operator: 'notIn', key: 'env', values: ['a'] }]],
    ['in in (in,notin)', [{ operator: 'in', key: 'in', values: ['in', 'notin'] }]],
    ['example.com/env', [{ operator: 'exists', key: 'example.com/env' }]],
    [
      'env=prod,tier!=dev,!canary',
      [
        { operator: 'in', key: 'env', values: ['prod'] },
        { operator: 'notIn', key: 'tier', values: ['dev'] },
        { operator: 'absent', key: 'canary' },
      ],
    ],
    [
      'a=,b',
      [
        { operator: 'in', key: 'a', values: [''] },
        { operator: 'exists', key: 'b' },
      ],
    ],
  ])('reads %j', (text, selector) => {
    expect(parsed(text)).toEqual(selector);
  });

  it.each<[string, number, RegExp]>([
    [',', 1, /expected a label key, found ','/],
    ['env,', 5, /expected a label key, found the end/],
    ['env,,tier', 5, /expected a label key/],
    ['=prod', 1, /expected a label key, found '='/],
    ['env prod', 5, /expected '=', .*found 'prod'/],
    ['env=a b', 7, /expected ',' or the end, found 'b'/],
    ['env===a', 6, /expected ',' or the end, found '='/],
    ['env>5', 4, /found '>'/],
    ['!env=a', 5, /expected ',' or the end/],
    ['!!env', 2, /expected a label key/],
    ['env in a', 8, /expected '\('/],
    ['env in ()', 9, /at least one value/],
    ['env in (a', 10, /expected ',' or '\)', found the end/],
    ['env in (a b)', 11, /expected ',' or '\)', found 'b'/],
    ['env in (a))', 11, /expected ',' or the end/],
    ['-env', 1, /^the label key must/],
    ['tier=x,-env', 8, /^the label key must/],
    ['env=-a', 5, /^the label value must/],
    ['env in (ok, -a)', 13, /^the label value must/],
    [`env=${'a'.repeat(64)}`, 5, /^the label value must/],
    ['Example.com/env', 1, /DNS subdomain/],
    ['env\u{a0}', 1, /^the label key must/],
  ])('says where %j goes wrong', (text, at, message) => {
    const result = parseLabelSelector(text);
    expect(result).toMatchObject({ ok: false, error: { at, message: expect.stringMatching(message) } });
  });

  it('says little of a long wrong word', () => {
    const result = parseLabelSelector(`env ${'x'.repeat(10_000)}`);
    expect(result.ok ? '' : result.error.message.length).toBeLessThan(200);
    expect(result.ok).toBe(false);
  });
});

describe('selecting by labels', () => {
  it('takes everything by the empty selector', () => {
    expect(chosen('', {})).toBe(true);
  });

  it('compares values', () => {
    expect(chosen('env=prod', { env: 'prod' })).toBe(true);
    expect(chosen('env=prod', { env: 'dev' })).toBe(false);
    expect(chosen('env=prod', {})).toBe(false);
    expect(chosen('env in (a,b)', { env: 'b' })).toBe(true);
    expect(chosen('env in (a,b)', { env: 'c' })).toBe(false);
  });

  it('takes what lacks the key by != and notin', () => {
    for (const text of ['env!=prod', 'env notin (prod,dev)']) {
      expect(chosen(text, {})).toBe(true);
      expect(chosen(text, { env: 'prod' })).toBe(false);
      expect(chosen(text, { env: 'other' })).toBe(true);
    }
  });

  it('asks for presence', () => {
    expect(chosen('env', { env: '' })).toBe(true);
    expect(chosen('env', {})).toBe(false);
    expect(chosen('!env', { env: '' })).toBe(false);
    expect(chosen('!env', {})).toBe(true);
  });

  it('tells an empty value from an absent key', () => {
    expect(chosen('env=', { env: '' })).toBe(true);
    expect(chosen('env=', {})).toBe(false);
  });

  it('needs every condition', () => {
    expect(chosen('env=prod,!canary', { env: 'prod' })).toBe(true);
    expect(chosen('env=prod,!canary', { env: 'prod', canary: 'yes' })).toBe(false);
  });

  it('is not fooled by what every object has', () => {
    expect(chosen('toString', {})).toBe(false);
    expect(chosen('!constructor', {})).toBe(true);
    expect(chosen('valueOf!=x', {})).toBe(true);
    expect(chosen('toString=x', { toString: 'x' })).toBe(true);
  });
});

describe('any selector', () => {
  const word = fc.constantFrom('env', 'in', 'notin', 'a', 'b', 'x.y-z_1', 'example.com/env', 'toString');
  const value = fc.constantFrom('', 'a', 'b', 'in', 'notin', 'v-1.0_x');
  const requirement: fc.Arbitrary<Requirement> = fc.oneof(
    fc.record({
      operator: fc.constantFrom('in', 'notIn'),
      key: word,
      values: fc.array(value, { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ operator: fc.constantFrom('exists', 'absent'), key: word }),
  );

  it('is read again as what was written', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 5 }), (selector) => {
        expect(parsed(formatSelector(selector))).toEqual(selector);
      }),
    );
  });

  it('is read, or refused at a place within the text, but never throws', () => {
    const pieces = fc.constantFrom('env', 'in', 'notin', ' ', ',', '(', ')', '=', '==', '!=', '!', '>', 'é', '😀', '-');
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: pieces }));
    fc.assert(
      fc.property(text, (input) => {
        const result = parseLabelSelector(input);
        if (result.ok) return;
        expect(result.error.at).toBeGreaterThanOrEqual(1);
        expect(result.error.at).toBeLessThanOrEqual(input.length + 1);
        expect(result.error.message).not.toBe('');
      }),
    );
  });
});
