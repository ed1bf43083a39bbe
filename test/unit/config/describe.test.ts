import { describe, expect, it } from 'vitest';
import { flagSpecs, renderSettingsTable } from '../../../src/config/describe.ts';
import { readFileLayer } from '../../../src/config/file.ts';
import { text } from '../../../src/config/kind.ts';
import { renderSettings } from '../../../src/config/render.ts';
import type { Setting } from '../../../src/config/setting.ts';
import { SETTING_LIST } from '../../../src/config/settings.ts';
import { settle } from '../../../src/config/settle.ts';
import { configOf } from './inputs.ts';

describe('the table of settings', () => {
  it('has the names of the interface', () => {
    expect(SETTING_LIST.map(({ flag, variable, key }) => `${flag} ${variable} ${key}`)).toEqual([
      '--node-id MUSTER_NODE_ID nodeId',
      '--mesh MUSTER_MESH mesh',
      '--gossip-bind MUSTER_GOSSIP_BIND gossip.bind',
      '--gossip-advertise MUSTER_GOSSIP_ADVERTISE gossip.advertise',
      '--gossip-proxy MUSTER_GOSSIP_PROXY gossip.proxy',
      '--join MUSTER_JOIN gossip.bootstrapPeers',
      '--gossip-factor MUSTER_GOSSIP_FACTOR gossip.factor',
      '--gossip-interval MUSTER_GOSSIP_INTERVAL gossip.interval',
      '--rpc-timeout MUSTER_RPC_TIMEOUT gossip.rpcTimeout',
      '--staleness-threshold MUSTER_STALENESS_THRESHOLD gossip.stalenessThreshold',
      '--dead-threshold MUSTER_DEAD_THRESHOLD gossip.deadThreshold',
      '--dead-retention MUSTER_DEAD_RETENTION gossip.deadRetention',
      '--gossip-reflection MUSTER_GOSSIP_REFLECTION gossip.reflection',
      '--http-bind MUSTER_HTTP_BIND http.bind',
      '--http-insecure MUSTER_HTTP_INSECURE http.insecure',
      '--http-token-file MUSTER_HTTP_TOKEN_FILE http.tokenFile',
      '--http-session-key-file MUSTER_HTTP_SESSION_KEY_FILE http.sessionKeyFile',
      '--http-oidc-issuer MUSTER_HTTP_OIDC_ISSUER http.oidc.issuer',
      '--http-oidc-audience MUSTER_HTTP_OIDC_AUDIENCE http.oidc.audience',
      '--http-oidc-jwks MUSTER_HTTP_OIDC_JWKS http.oidc.jwks',
      '--http-oidc-write-scope MUSTER_HTTP_OIDC_WRITE_SCOPE http.oidc.writeScope',
      '--http-oidc-clock-tolerance MUSTER_HTTP_OIDC_CLOCK_TOLERANCE http.oidc.clockTolerance',
      '--http-tls-cert MUSTER_HTTP_TLS_CERT http.tls.cert',
      '--http-tls-key MUSTER_HTTP_TLS_KEY http.tls.key',
      '--http-cors-origin MUSTER_HTTP_CORS_ORIGINS http.corsOrigins',
      '--http-trusted-proxy MUSTER_HTTP_TRUSTED_PROXIES http.trustedProxies',
      '--http-rate MUSTER_HTTP_RATE http.rate',
      '--http-burst MUSTER_HTTP_BURST http.burst',
      '--metrics-bind MUSTER_METRICS_BIND metrics.bind',
      '--api-endpoint MUSTER_API_ENDPOINT cluster.apiEndpoint',
      '--api-port MUSTER_API_PORT cluster.apiPort',
      '--label MUSTER_LABELS cluster.labels',
      '--data-dir MUSTER_DATA_DIR dataDir',
      '--drain-timeout MUSTER_DRAIN_TIMEOUT drainTimeout',
      '--log-level MUSTER_LOG_LEVEL log.level',
      '--log-format MUSTER_LOG_FORMAT log.format',
    ]);
  });
});

describe('flags for a command line', () => {
  it('are all there, the file among them, under the names that are read', () => {
    const specs = flagSpecs();
    expect(specs.map(({ flag }) => flag)).toEqual(['--config', ...SETTING_LIST.map(({ flag }) => flag)]);
    expect(specs.filter(({ repeatable }) => repeatable).map(({ flag }) => flag)).toEqual([
      '--join',
      '--http-cors-origin',
      '--http-trusted-proxy',
      '--label',
    ]);
    expect(specs.find(({ flag }) => flag === '--gossip-factor')).toMatchObject({
      attribute: 'gossipFactor',
      placeholder: '<count>',
      repeatable: false,
    });
  });

  it('may be given without a value when they are yes or no', () => {
    expect(flagSpecs().find(({ flag }) => flag === '--gossip-reflection')?.placeholder).toMatch(/^\[.*\]$/);
    expect(configOf({ flags: { gossipReflection: true } }).gossip.reflection).toBe(true);
    expect(configOf({ flags: { gossipReflection: 'false' } }).gossip.reflection).toBe(false);
  });
});

describe('the table of the docs', () => {
  it('has a row for every setting, and the same number of cells in each', () => {
    const rows = renderSettingsTable().trimEnd().split('\n');
    expect(rows).toHaveLength(SETTING_LIST.length + 3);
    expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length))).toEqual(new Set([8]));
    const row = rows.find((candidate) => candidate.startsWith('| `--dead-threshold`'));
    expect(row).toContain('`MUSTER_DEAD_THRESHOLD` | `gossip.deadThreshold` | `10` | a whole number from 2 to 10000 |');
  });
});

describe('a secret', () => {
  const secret: Setting = {
    key: 'join.token',
    flag: '--join-token',
    variable: 'MUSTER_JOIN_TOKEN',
    placeholder: 'token',
    kind: text(
      'eight letters',
      (given) => /^[a-z]{8}$/.test(given),
      (given) => given,
    ),
    summary: 'A made-up secret.',
    secret: true,
  };
  const host = { hostname: 'h', interfaces: {}, terminal: false };

  it('is blanked when settings are printed', () => {
    const printed = renderSettings([
      { setting: secret, value: 'hushhush', source: { kind: 'flag', name: '--join-token' } },
    ]);
    expect(printed).toContain('token: (not shown) # flag --join-token');
    expect(printed).not.toContain('hushhush');
  });

  it.each(['join:\n  token: hush1\n', 'join:\n  token: [hush1]\n', 'join:\n  token: 99887766\n'])(
    'is not in a message about it: %j',
    (file) => {
      const layer = readFileLayer([secret], 'muster.yaml', file);
      const settled = settle(secret, [layer], host);
      const problems = [...layer.problems, ...(settled.ok ? [] : settled.error)];
      expect(problems).toHaveLength(1);
      expect(JSON.stringify(problems)).not.toMatch(/hush|99887766/);
    },
  );
});
