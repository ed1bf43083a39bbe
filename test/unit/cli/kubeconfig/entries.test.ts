import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../../src/cli/kubeconfig/entries.ts';
import { FORBIDDEN, HOSTILE, listed } from '../fixture.ts';

const withEndpoint = (apiEndpoint: string) => listed('a', { state: { apiEndpoint } });

describe('the entries of a kubeconfig', () => {
  it.each([
    'prod-eu',
    'a.example.com',
    'arn:aws:eks:eu-west-1:1:cluster/prod',
    'me@home',
    'münchen',
    '08',
    'yes',
    'दिल्ली',
  ])('are made of the member %s', (id) => {
    const { apiEndpoint } = listed(id).state;
    const lawful = listed(id, { state: { apiEndpoint: 'https://api.example.com:6443/k8s' } });
    expect(apiEndpoint).toContain(id);
    expect(entriesOf([lawful])).toEqual({
      entries: [{ name: id, server: 'https://api.example.com:6443/k8s' }],
      warnings: [],
    });
  });

  it.each([
    ['', 'a is left out: it tells no API endpoint'],
    ['javascript:alert(1)', 'a is left out: its API endpoint must be an absolute http:// or https:// URL'],
    ['ftp://a', 'must be an absolute http:// or https:// URL'],
    ['https://user:secret@host', 'must not hold credentials'],
    ['https://a"\n  x: y', 'must be an absolute'],
    [`https://${'a'.repeat(2_100)}`, 'is longer than 2048 bytes'],
    [HOSTILE, 'must be an absolute'],
  ])('are not made of the endpoint %j, which is said without it', (endpoint, warning) => {
    const { entries, warnings } = entriesOf([withEndpoint(endpoint), listed('b')]);
    expect(entries.map(({ name }) => name)).toEqual(['b']);
    expect(warnings).toEqual([expect.stringContaining(warning)]);
    expect(warnings[0]).not.toContain('secret');
  });

  it.each([
    HOSTILE,
    '"><script>alert(1)</script>',
    'a b',
    "a'b",
    'a"b',
    '$(reboot)',
    '`reboot`',
    'a;b',
    '-o',
    '.',
    '\u202Eevil',
    'a\u200Bb',
    'a\u3164b',
  ])('are not made of the name %j', (id) => {
    const member = listed(id, { state: { apiEndpoint: 'https://api.example.com' } });
    const { entries, warnings } = entriesOf([member]);
    expect(entries).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/ is left out: its name is not one to type in a shell$/)]);
    expect(warnings[0]).not.toMatch(FORBIDDEN);
  });
});
