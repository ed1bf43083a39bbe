import { describe, expect, it } from 'vitest';
import {
  endpointProblem,
  isPort,
  labelKeyProblem,
  labelValueProblem,
  MAX_ENDPOINT_BYTES,
} from '../../../src/base/metadata.ts';

describe('endpointProblem', () => {
  it.each([
    '',
    'https://api.example.com',
    'http://10.0.0.1:6443/path?query#part',
    'HTTPS://[::1]:6443',
    'https://host_name.internal.:443',
  ])('takes %j', (text) => {
    expect(endpointProblem(text)).toBeUndefined();
  });

  it.each([
    ['api.example.com', /absolute/],
    ['ftp://api.example.com', /absolute/],
    ['https://', /absolute/],
    ['https://exämple.com', /ASCII/],
    ['https://api.example.com/a b', /ASCII/],
    ['https://user:secret@api.example.com', /credentials/],
    ['https://:6443', /host/],
    ['https://-host-', /host/],
    ['https://host:0', /port/],
    ['https://host:65536', /port/],
    ['https://host/<script>', /escape/],
    [`https://host/${'a'.repeat(MAX_ENDPOINT_BYTES)}`, /longer/],
  ])('refuses %j', (text, reason) => {
    expect(endpointProblem(text)).toMatch(reason);
  });

  it('does not take an @ of the path for credentials', () => {
    expect(endpointProblem('https://host/@team')).toBeUndefined();
  });
});

describe('isPort', () => {
  it('takes 1 to 65535 and nothing else', () => {
    expect([0, 1, 443, 65_535, 65_536, 1.5, -1, Number.NaN].map(isPort)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('labels', () => {
  it.each(['env', 'A', 'a.b_c-d', 'example.com/env', 'a'.repeat(63), `a.${'b'.repeat(63)}/n`])(
    'take the key %j',
    (key) => {
      expect(labelKeyProblem(key)).toBeUndefined();
    },
  );

  it.each([
    '',
    '/',
    '/env',
    'env/',
    '-env',
    'env-',
    'a b',
    'ä',
    'a'.repeat(64),
    'Example.com/env',
    'a..b/env',
    'a/b/c',
  ])('refuse the key %j', (key) => {
    expect(labelKeyProblem(key)).toBeDefined();
  });

  it('refuse a prefix above 253 characters', () => {
    const prefix = Array.from({ length: 127 }, () => 'a').join('.');
    expect(labelKeyProblem(`${prefix}/env`)).toBeUndefined();
    expect(labelKeyProblem(`${prefix}.a/env`)).toMatch(/253/);
  });

  it.each(['', 'prod', '1', 'a'.repeat(63), 'a.b_c-d'])('take the value %j', (value) => {
    expect(labelValueProblem(value)).toBeUndefined();
  });

  it.each(['-', 'a-', ' ', 'a/b', 'a'.repeat(64), 'prod\n'])('refuse the value %j', (value) => {
    expect(labelValueProblem(value)).toBeDefined();
  });
});
