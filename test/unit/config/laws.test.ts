import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { EffectiveConfig } from '../../../src/config/effective.ts';
import { flagAttribute } from '../../../src/config/layer.ts';
import { renderEffectiveConfig } from '../../../src/config/render.ts';
import { SETTING_LIST, type SettingKey } from '../../../src/config/settings.ts';
import { configOf } from './inputs.ts';

const name = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,40}[A-Za-z0-9])?$/);
const host = fc.oneof(
  fc.ipV4(),
  fc
    .ipV6()
    .filter((address) => !address.includes('.'))
    .map((address) => `[${address}]`),
  fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z])?(\.[a-z]([a-z0-9-]{0,20}[a-z])?){0,2}$/),
);
const callable = host.filter((text) => text !== '0.0.0.0' && !/^\[[0:]+\]$/.test(text));
/** Not every name of that form can stand in a URL: `xn--a` is no Punycode. */
const webHost = callable.filter((text) => URL.canParse(`https://${text}`));
const place = (of: fc.Arbitrary<string>, least: number) =>
  fc.tuple(of, fc.integer({ min: least, max: 65_535 })).map(([text, port]) => `${text}:${port}`);
const between = (min: number, max: number) => fc.integer({ min, max }).map(String);
const lasting = (min: number, max: number) => fc.integer({ min, max }).map((value) => `${value}ms`);
const target = fc.oneof(
  place(callable, 1),
  name.map((label) => `dns://x${label.toLowerCase().replaceAll(/[^a-z]/g, '')}:7946`),
  fc.constant('dns+srv://_gossip._tcp.example.com'),
);

/** Text that is right for each setting, as a flag would give it. The thresholds keep out of each other's way. */
const TEXTS: Readonly<Record<SettingKey, fc.Arbitrary<string>>> = {
  nodeId: name,
  mesh: name,
  'gossip.bind': place(host, 0),
  'gossip.advertise': place(callable, 0),
  'gossip.proxy': place(callable, 1),
  'gossip.bootstrapPeers': fc.array(target, { minLength: 1, maxLength: 5 }).map((targets) => targets.join(',')),
  'gossip.factor': between(1, 100),
  'gossip.interval': lasting(50, 300_000),
  'gossip.rpcTimeout': lasting(10, 300_000),
  'gossip.stalenessThreshold': between(1, 9),
  'gossip.deadThreshold': between(10, 10_000),
  'gossip.deadRetention': lasting(0, 86_400_000),
  'gossip.reflection': fc.constantFrom('true', 'false'),
  'http.bind': place(host, 0),
  'http.insecure': fc.constant('true'),
  'http.tokenFile': name,
  'http.sessionKeyFile': name,
  'http.oidc.issuer': webHost.map((text) => `https://${text}`),
  'http.oidc.audience': name,
  'http.oidc.jwks': webHost.map((text) => `https://${text}/keys`),
  'http.oidc.writeScope': name,
  'http.oidc.clockTolerance': lasting(0, 300_000),
  'http.tls.cert': name,
  'http.tls.key': name,
  'http.corsOrigins': fc.constantFrom('https://a.example', 'https://a.example,http://b.example:8080'),
  'http.trustedProxies': fc.constantFrom('10.0.0.1', '10.0.0.0/8,fd00::/8'),
  'http.rate': between(1, 1_000_000),
  'http.burst': between(1, 1_000_000),
  'metrics.bind': place(host, 0),
  'cluster.apiEndpoint': webHost.map((text) => `https://${text}:6443/path`),
  'cluster.apiPort': between(1, 65_535),
  'cluster.labels': fc
    .uniqueArray(fc.tuple(name, fc.oneof(name, fc.constant(''))), {
      minLength: 1,
      maxLength: 8,
      selector: ([key]) => key,
    })
    .map((labels) => labels.map(([key, value]) => `${key}=${value}`).join(',')),
  dataDir: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((path) => !/\p{Cc}/u.test(path)),
  drainTimeout: lasting(1_000, 600_000),
  'log.level': fc.constantFrom('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  'log.format': fc.constantFrom('json', 'pretty'),
};

type Texts = Partial<Record<SettingKey, string>>;
/** Settings that mean nothing, or are a mistake, without one another. */
const TOGETHER: readonly (readonly SettingKey[])[] = [
  ['http.bind', 'http.insecure'],
  ['http.oidc.issuer', 'http.oidc.audience', 'http.oidc.jwks'],
  ['http.tls.cert', 'http.tls.key'],
  ['http.sessionKeyFile', 'http.tokenFile'],
];
const someTexts: fc.Arbitrary<Texts> = fc.record(TEXTS, { requiredKeys: [] }).map((texts) => {
  const incomplete = new Set<string>(TOGETHER.filter((group) => group.some((key) => texts[key] === undefined)).flat());
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !incomplete.has(key)));
});

const asFlags = (texts: Texts) =>
  Object.fromEntries(given(texts).map(([{ flag }, text]) => [flagAttribute(flag), text]));
const asEnvironment = (texts: Texts) =>
  Object.fromEntries(given(texts).map(([{ variable }, text]) => [variable, text]));

interface Nested {
  [key: string]: unknown;
}

function asFile(texts: Texts): string {
  const root: Nested = {};
  for (const [{ key, kind }, text] of given(texts)) {
    let value: unknown = text;
    if (kind.shape === 'number') value = Number(text);
    if (kind.shape === 'boolean') value = text === 'true';
    if (kind.shape === 'list') value = text.split(',');
    if (kind.shape === 'map') value = new Map(text.split(',').map((entry) => entry.split('=') as [string, string]));
    const groups = key.split('.');
    const leaf = groups.pop() ?? '';
    let place = root;
    for (const group of groups) place = (place[group] ??= {}) as Nested;
    place[leaf] = value;
  }
  return stringify(root, { lineWidth: 0 });
}

function given(texts: Texts) {
  return SETTING_LIST.flatMap((setting) => {
    const text = texts[setting.key as SettingKey];
    return text === undefined ? [] : [[setting, text] as const];
  });
}

function valuesOf(config: EffectiveConfig) {
  return { ...config, sources: undefined };
}

describe('precedence', () => {
  it('is flag over environment over file over default, for every setting', () => {
    fc.assert(
      fc.property(someTexts, someTexts, someTexts, (flags, env, file) => {
        const config = configOf({ flags: asFlags(flags), env: asEnvironment(env), file: asFile(file) });
        const winners = { ...file, ...env, ...flags };
        expect(valuesOf(config)).toEqual(valuesOf(configOf({ flags: asFlags(winners) })));
        for (const { key } of SETTING_LIST) {
          const kind = key in flags ? 'flag' : key in env ? 'environment' : key in file ? 'file' : 'default';
          expect(config.sources[key as SettingKey].kind).toBe(kind);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the printed configuration', () => {
  it('makes the same configuration again, on any host', () => {
    const elsewhere = { hostname: 'elsewhere', interfaces: {}, terminal: true };
    fc.assert(
      fc.property(someTexts, someTexts, (flags, file) => {
        const config = configOf({ flags: asFlags(flags), file: asFile(file) });
        const again = configOf({ ...elsewhere, file: renderEffectiveConfig(config) });
        expect(valuesOf(again)).toEqual(valuesOf(config));
      }),
      { numRuns: 200 },
    );
  });

  it('names the source of every value', () => {
    const file = 'gossip:\n  factor: 4\n';
    const config = configOf({ flags: { mesh: 'm', label: ['a=b'] }, env: { MUSTER_HTTP_BIND: '127.0.0.2:1' }, file });
    const printed = renderEffectiveConfig(config);
    expect(printed).toContain('mesh: m # flag --mesh\n');
    expect(printed).toContain('  bind: 127.0.0.2:1 # environment MUSTER_HTTP_BIND\n');
    expect(printed).toContain('  factor: 4 # file muster.yaml:2\n');
    expect(printed).toContain('  # flag --label\n  labels:\n    a: b\n');
    expect(printed).toContain('dataDir: null # default\n');
    expect(printed.match(/# (?:flag|environment|file|default)/g)).toHaveLength(SETTING_LIST.length);
  });

  it('has every value on one line', () => {
    const dataDir = 'a very long directory name '.repeat(10).trim();
    expect(renderEffectiveConfig(configOf({ flags: { dataDir } }))).toContain(
      `\ndataDir: ${dataDir} # flag --data-dir\n`,
    );
  });

  it('keeps the name of the file on its line', () => {
    const flags = { config: 'a\nmesh: evil' };
    const printed = renderEffectiveConfig(configOf({ flags, readFile: () => 'nodeId: n' }));
    expect(printed).toContain('nodeId: n # file amesh: evil:1\n');
  });
});
