import { describe, expect, it } from 'vitest';
import { advertisedAddress } from '../../../src/config/advertise.ts';
import { toGossipConfig } from '../../../src/config/effective.ts';
import { DEFAULT_GOSSIP_CONFIG } from '../../../src/gossip/config.ts';
import { configOf, linesOf, problemsOf } from './inputs.ts';

describe('defaults', () => {
  it('are those of the interface', () => {
    const { sources, ...config } = configOf();
    expect(config).toEqual({
      nodeId: 'host-1',
      mesh: 'default',
      gossip: {
        bind: { host: '127.0.0.1', port: 7946 },
        advertise: { host: '127.0.0.1', port: 7946 },
        bootstrapPeers: [],
        factor: 3,
        interval: 1_000,
        rpcTimeout: 1_000,
        stalenessThreshold: 5,
        deadThreshold: 10,
        deadRetention: 60_000,
        reflection: false,
      },
      http: {
        bind: { host: '127.0.0.1', port: 8080 },
        insecure: false,
        oidc: { writeScope: 'muster:write', clockTolerance: 5_000 },
        tls: {},
        corsOrigins: [],
        trustedProxies: [],
        rate: 100,
        burst: 200,
      },
      metrics: {},
      cluster: { apiEndpoint: '', apiPort: 443, labels: {} },
      drainTimeout: 25_000,
      log: { level: 'info', format: 'json' },
    });
    expect(new Set(Object.values(sources).map(({ kind }) => kind))).toEqual(new Set(['default']));
  });

  it("make the protocol's own defaults", () => {
    expect(toGossipConfig(configOf())).toEqual(DEFAULT_GOSSIP_CONFIG);
  });

  it('log for people on a terminal', () => {
    expect(configOf({ terminal: true }).log.format).toBe('pretty');
  });

  it('let a call take as long as the interval, whatever that is', () => {
    expect(configOf({ flags: { gossipInterval: '300ms' } }).gossip.rpcTimeout).toBe(300);
    expect(configOf({ flags: { gossipInterval: '300ms', rpcTimeout: '1s' } }).gossip.rpcTimeout).toBe(1_000);
  });

  it('name the host name when it can not be a node id, and the flag that helps', () => {
    const [line, ...others] = linesOf({ hostname: 'a host\u001b[2J' });
    expect(line).toMatch(/^host name: must be .*, got "a host\[2J"; set --node-id$/);
    expect(others).toEqual([]);
    expect(configOf({ hostname: 'a host', flags: { nodeId: 'n1' } }).nodeId).toBe('n1');
  });
});

describe('the configuration', () => {
  it('is frozen to its depths', () => {
    const config = configOf({ flags: { label: ['a=b'], join: 'a:1' } });
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(config)).toBe(true);
    expect(Object.isFrozen(toGossipConfig(config))).toBe(true);
  });

  it('hands its numbers to the protocol', () => {
    const flags = {
      mesh: 'm',
      gossipFactor: '4',
      gossipInterval: '200ms',
      stalenessThreshold: '6',
      deadThreshold: '7',
      deadRetention: '2m',
    };
    expect(toGossipConfig(configOf({ flags }))).toEqual({
      ...DEFAULT_GOSSIP_CONFIG,
      mesh: 'm',
      gossipFactor: 4,
      gossipInterval: 200,
      stalenessThreshold: 6,
      deadThreshold: 7,
      deadRetention: 120_000,
    });
  });

  it('says where each value came from', () => {
    const { sources } = configOf({
      flags: { mesh: 'm' },
      env: { MUSTER_LABELS: 'a=b' },
      file: '# a comment\ngossip:\n  factor: 4\n',
    });
    expect(sources.mesh).toEqual({ kind: 'flag', name: '--mesh' });
    expect(sources['cluster.labels']).toEqual({ kind: 'environment', name: 'MUSTER_LABELS' });
    expect(sources['gossip.factor']).toEqual({ kind: 'file', path: 'muster.yaml', line: 3 });
    expect(sources['http.bind']).toEqual({ kind: 'default' });
  });
});

describe('mistakes', () => {
  it('are all reported at once, one line each', () => {
    const flags = { gossipFactor: '0', label: ['bad label'], deadThreshold: '3', httpBind: 'nonsense' };
    const lines = linesOf({ flags });
    expect(lines).toHaveLength(4);
    expect(lines).toContain('--gossip-factor: must be a whole number from 1 to 100, got "0"');
    expect(lines).toContain('--label: must be KEY=VALUE, got "bad label"');
    expect(lines).toContain('--dead-threshold: must be greater than the staleness threshold (5, the default), got "3"');
    expect(lines.find((line) => line.startsWith('--http-bind: must be HOST:PORT'))).toContain('got "nonsense"');
  });

  it('have a stable code', () => {
    const flags = { gossipFactor: '0', deadThreshold: '3' };
    expect(problemsOf({ flags }).map(({ code }) => code)).toEqual(['MUSTER_CONFIG_VALUE', 'MUSTER_CONFIG_CONFLICT']);
  });

  it('are found in values that a stronger source covers too', () => {
    const given = { flags: { gossipFactor: '3' }, env: { MUSTER_GOSSIP_FACTOR: 'x' }, file: 'gossip: {factor: 0}' };
    expect(linesOf(given).map((line) => line.split(': ')[0])).toEqual([
      'MUSTER_GOSSIP_FACTOR',
      'muster.yaml:1 gossip.factor',
    ]);
  });

  it.each([
    ['gossipFactor', '101'],
    ['gossipFactor', '1.5'],
    ['gossipFactor', '1e1'],
    ['gossipFactor', ''],
    ['gossipInterval', '49ms'],
    ['gossipInterval', '5m1s'],
    ['gossipInterval', '1'],
    ['rpcTimeout', '0s'],
    ['deadRetention', '25h'],
    ['stalenessThreshold', '-1'],
    ['apiPort', '0'],
    ['apiPort', '65536'],
    ['mesh', 'a b'],
    ['mesh', ''],
    ['mesh', 'a'.repeat(64)],
    ['nodeId', '-a'],
    ['nodeId', 'a\n'],
    ['nodeId', 'a'.repeat(254)],
    ['gossipAdvertise', '0.0.0.0:7946'],
    ['gossipAdvertise', '[0::0]:7946'],
    ['gossipProxy', 'http://proxy:3128'],
    ['gossipProxy', 'proxy:0'],
    ['gossipProxy', '0.0.0.0:3128'],
    ['gossipReflection', 'yes'],
    ['apiEndpoint', 'api.example.com'],
    ['dataDir', ''],
    ['dataDir', 'a\0b'],
    ['logLevel', 'INFO'],
    ['logFormat', 'text'],
  ])('refuse %s %j with one line', (flag, value) => {
    const lines = linesOf({ flags: { [flag]: value } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^--[a-z-]+: .*, got "[^\n]*"$/);
  });

  it('do not show the credentials of an endpoint', () => {
    const lines = linesOf({ flags: { apiEndpoint: 'https://user:pass@word@api.example.com' } });
    expect(lines).toEqual(['--api-endpoint: must not hold credentials, got "…@api.example.com"']);
  });
});

describe('the two thresholds', () => {
  it('in the wrong order are one mistake of the one that was given', () => {
    expect(linesOf({ flags: { stalenessThreshold: '12' } })).toEqual([
      '--staleness-threshold: must be less than the dead threshold (10, the default), got "12"',
    ]);
    expect(linesOf({ flags: { deadThreshold: '7' }, file: 'gossip:\n  stalenessThreshold: 7\n' })).toEqual([
      '--dead-threshold: must be greater than the staleness threshold (7, from muster.yaml:2 gossip.stalenessThreshold), got "7"',
    ]);
  });

  it('are not compared when one of them is wrong by itself', () => {
    expect(linesOf({ flags: { stalenessThreshold: '12', deadThreshold: 'x' } })).toHaveLength(1);
    expect(linesOf({ flags: { stalenessThreshold: '12' }, file: 'gossip: {deadThreshold: [1]}' })).toHaveLength(1);
  });
});

const advertised = (flags: Record<string, string>) => configOf({ flags }).gossip.advertise;

describe('the advertised address', () => {
  it('is the bind address, with the port that will be bound', () => {
    expect(advertised({ gossipBind: 'node-1:7000' })).toEqual({ host: 'node-1', port: 7000 });
    expect(advertised({ gossipBind: '127.0.0.1:0' })).toEqual({ host: '127.0.0.1', port: 'bound' });
  });

  it('is a routable one of the same family when the node listens on all', () => {
    expect(advertised({ gossipBind: '0.0.0.0:7946' })).toEqual({ host: '10.0.3.7', port: 7946 });
    expect(advertised({ gossipBind: '[::]:0' })).toEqual({ host: '2001:db8::7', port: 'bound' });
  });

  it('may be IPv4 when the node listens on all of IPv6 and the host has no routable IPv6', () => {
    const interfaces = { eth0: [{ address: '10.0.0.9', family: 'IPv4', internal: false }] };
    expect(configOf({ flags: { gossipBind: '[::]:1' }, interfaces }).gossip.advertise.host).toBe('10.0.0.9');
  });

  it('is told with the port that was bound, where that was left open', () => {
    expect(advertisedAddress(advertised({ gossipBind: '[::]:0' }), 41_234)).toBe('[2001:db8::7]:41234');
    expect(advertisedAddress(advertised({ gossipAdvertise: 'a:7' }), 41_234)).toBe('a:7');
  });

  it('has port 0 for the port that was bound', () => {
    expect(advertised({ gossipAdvertise: '10.1.1.1:0' })).toEqual({ host: '10.1.1.1', port: 'bound' });
  });

  it('must be given when the host has none', () => {
    const interfaces = { eth0: [{ address: '2001:db8::1', family: 'IPv6', internal: false }] };
    const given = { env: { MUSTER_GOSSIP_BIND: '0.0.0.0:7946' }, interfaces };
    const problems = problemsOf(given);
    expect(problems.map(({ code }) => code)).toEqual(['MUSTER_CONFIG_NO_ROUTABLE_ADDRESS']);
    expect(problems[0]?.source).toBe('MUSTER_GOSSIP_BIND');
    expect(problems[0]?.message).toContain('--gossip-advertise');
    expect(configOf({ ...given, flags: { gossipAdvertise: 'a:1' } }).gossip.advertise.host).toBe('a');
  });

  it('is not looked for when one of the addresses is wrong', () => {
    expect(linesOf({ flags: { gossipBind: 'x' }, interfaces: {} })).toHaveLength(1);
    expect(linesOf({ flags: { gossipBind: '0.0.0.0:1', gossipAdvertise: 'x' }, interfaces: {} })).toHaveLength(1);
    expect(
      linesOf({ flags: { gossipBind: '0.0.0.0:1' }, file: 'gossip: {advertise: 1}', interfaces: {} }),
    ).toHaveLength(1);
  });
});

const labels = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`);

describe('lists and labels', () => {
  it('are repeatable and comma-separated, and a target given twice counts once', () => {
    const { bootstrapPeers } = configOf({ flags: { join: ['a:1, b:2,', 'A:1', 'dns://c:3'] } }).gossip;
    expect(bootstrapPeers).toEqual(['a:1', 'b:2', 'dns://c:3'].map((target) => ({ target, origin: 'configured' })));
  });

  it('are taken whole from the strongest source', () => {
    const given = { flags: { label: ['a=1'] }, env: { MUSTER_LABELS: 'b=2,c=' }, file: 'cluster: {labels: {d: "4"}}' };
    expect(configOf(given).cluster.labels).toEqual({ a: '1' });
    expect(configOf({ ...given, flags: {} }).cluster.labels).toEqual({ b: '2', c: '' });
    expect(configOf({ file: given.file }).cluster.labels).toEqual({ d: '4' });
  });

  it('can be emptied by a stronger source', () => {
    expect(configOf({ flags: { join: '' }, env: { MUSTER_JOIN: 'a:1' } }).gossip.bootstrapPeers).toEqual([]);
  });

  it('have a line for every bad entry', () => {
    const label = ['ok=1', '-x=1', 'k=a b', 'ok=2', 'none'];
    expect(linesOf({ flags: { label, join: 'x,y:1,z' } }).map((line) => line.split(':')[0])).toEqual([
      '--join',
      '--join',
      '--label',
      '--label',
      '--label',
      '--label',
    ]);
  });

  it('are bounded in number', () => {
    expect(Object.keys(configOf({ flags: { label: labels(64) } }).cluster.labels)).toHaveLength(64);
    expect(linesOf({ flags: { label: labels(65) } })).toEqual(['--label: must be at most 64 labels, got 65']);
  });

  it('are bounded in size, the endpoint included', () => {
    const label = Array.from({ length: 50 }, (_, index) => `${'k'.repeat(60)}${index + 10}=${'v'.repeat(63)}`);
    expect(configOf({ flags: { label } }).cluster.apiEndpoint).toBe('');
    const apiEndpoint = `https://a/${'x'.repeat(2_000)}`;
    const problems = problemsOf({ flags: { label, apiEndpoint } });
    expect(problems.map(({ code, source }) => [code, source])).toEqual([['MUSTER_CONFIG_METADATA_SIZE', '--label']]);
    expect(problems[0]?.message).toContain('7800');
    expect(problems[0]?.message).toContain(String(50 * (62 + 63) + apiEndpoint.length));
  });
});

describe('the environment', () => {
  it('does not count what is empty', () => {
    expect(configOf({ env: { MUSTER_MESH: '', MUSTER_JOIN: '', MUSTER_CONFIG: '', MUSTER_NO_SUCH: '' } }).mesh).toBe(
      'default',
    );
  });

  it('is asked for names that are not known, with a guess at what was meant', () => {
    const problems = problemsOf({ env: { MUSTER_GOSIP_FACTOR: '3', MUSTER_ZEBRA_STRIPES: '1', HOME: '/' } });
    expect(problems.map(({ code }) => code)).toEqual(Array.from({ length: 2 }, () => 'MUSTER_CONFIG_UNKNOWN_VARIABLE'));
    expect(problems.map(({ source }) => source)).toEqual(['MUSTER_GOSIP_FACTOR', 'MUSTER_ZEBRA_STRIPES']);
    expect(problems[0]?.message).toContain('did you mean MUSTER_GOSSIP_FACTOR?');
    expect(problems[1]?.message).not.toContain('did you mean');
  });

  it('may hold the variable of `muster members`', () => {
    expect(problemsOf({ env: { MUSTER_HTTP: 'http://10.0.3.7:8080' } })).toEqual([]);
  });

  it('may hold the service links of Kubernetes', () => {
    const env = {
      MUSTER_SERVICE_HOST: '10.96.0.7',
      MUSTER_SERVICE_PORT: '8080',
      MUSTER_SERVICE_PORT_GOSSIP: '7946',
      MUSTER_PORT: 'tcp://10.96.0.7:8080',
      MUSTER_PORT_443_TCP: 'tcp://10.96.0.7:443',
      MUSTER_PORT_443_TCP_PROTO: 'tcp',
      MUSTER_PORT_443_TCP_PORT: '443',
      MUSTER_PORT_443_TCP_ADDR: '10.96.0.7',
      MUSTER_GOSSIP_SERVICE_HOST: '10.96.0.8',
      MUSTER_GOSSIP_PORT: 'tcp://10.96.0.8:7946',
      MUSTER_API_PORT: 'tcp://10.96.0.9:443',
    };
    expect(configOf({ env }).sources['cluster.apiPort']).toEqual({ kind: 'default' });
    expect(configOf({ env: { MUSTER_API_PORT: '6443' } }).cluster.apiPort).toBe(6443);
    expect(linesOf({ env: { MUSTER_HTTP_PORT: '8080' } })).toHaveLength(1);
  });
});
