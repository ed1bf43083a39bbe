import { MAX_ID_BYTES, millis, nodeId } from '../base/brands.ts';
import { DEFAULT_GOSSIP_CONFIG as GOSSIP } from '../gossip/config.ts';
import { ENDPOINT, LABELS } from './cluster-kinds.ts';
import { formatDuration } from './duration.ts';
import { NETWORKS, ORIGINS, PATH, WEB_URL, WORD } from './http-kinds.ts';
import { choice, duration, text, wholeNumber, YES_NO } from './kind.ts';
import { ADVERTISED, BIND, PLACE, TARGETS } from './place-kinds.ts';
import type { Setting, SettingSpec } from './setting.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Names of nodes and meshes: they stand in addresses of pages, in metrics and in log lines, so they need no quoting there. */
const PLAIN_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const NAME_RULE = "letters, digits, '.', '_' or '-', beginning and ending with a letter or digit";
const MAX_MESH_BYTES = 63;

/** Keeps the type of each setting's value while checking the rest of it. */
const setting = <Value>(spec: SettingSpec<Value>): SettingSpec<Value> => spec;

/** Every setting of the agent by its key in the file, in the order of the help. */
export const SETTINGS = {
  nodeId: setting({
    flag: '--node-id',
    variable: 'MUSTER_NODE_ID',
    placeholder: 'name',
    kind: text(
      `1 to ${MAX_ID_BYTES} ${NAME_RULE}`,
      (given) => given.length <= MAX_ID_BYTES && PLAIN_NAME.test(given),
      nodeId,
    ),
    standard: (host) => ({ at: 'host name', text: host.hostname }),
    standardWords: 'the host name',
    summary: 'Name of this node, unique in its mesh.',
    advice: 'Keep it the same over restarts: a node that comes back under its name takes its old place.',
  }),
  mesh: setting({
    flag: '--mesh',
    variable: 'MUSTER_MESH',
    placeholder: 'name',
    kind: text(
      `1 to ${MAX_MESH_BYTES} ${NAME_RULE}`,
      (given) => given.length <= MAX_MESH_BYTES && PLAIN_NAME.test(given),
      (given) => given,
    ),
    standard: GOSSIP.mesh,
    summary: 'Name of the mesh. Nodes of different meshes refuse each other.',
  }),
  'gossip.bind': setting({
    flag: '--gossip-bind',
    variable: 'MUSTER_GOSSIP_BIND',
    placeholder: 'host:port',
    kind: BIND,
    standard: '127.0.0.1:7946',
    summary: 'Address that the gossip server listens on. Port 0 means any free port.',
    advice: 'Use 0.0.0.0:7946 or [::]:7946 to be reached from other machines.',
  }),
  'gossip.advertise': setting({
    flag: '--gossip-advertise',
    variable: 'MUSTER_GOSSIP_ADVERTISE',
    placeholder: 'host:port',
    kind: ADVERTISED,
    standardWords: 'the bind address; with 0.0.0.0 or [::] the first routable address of the host',
    summary: 'Address that peers call this node by. Port 0 means the port that was bound.',
    advice: 'Needed behind address translation, or when the host has several networks.',
  }),
  'gossip.proxy': setting({
    flag: '--gossip-proxy',
    variable: 'MUSTER_GOSSIP_PROXY',
    placeholder: 'host:port',
    kind: PLACE,
    summary: 'HTTP proxy that all calls to peers go through, by CONNECT.',
    advice: 'For networks with no other way out. http_proxy and the like are not obeyed.',
  }),
  'gossip.bootstrapPeers': setting({
    flag: '--join',
    variable: 'MUSTER_JOIN',
    placeholder: 'target',
    kind: TARGETS,
    standard: '',
    summary:
      'Nodes to find the mesh by: host:port, dns://name:port or dns+srv://_service._proto.name, comma-separated.',
    advice: 'Three that seldom fail together are enough; none need be up, and the own address may be among them.',
  }),
  'gossip.factor': setting({
    flag: '--gossip-factor',
    variable: 'MUSTER_GOSSIP_FACTOR',
    placeholder: 'count',
    kind: wholeNumber(1, 100),
    standard: String(GOSSIP.gossipFactor),
    summary: 'Random peers contacted in each cycle.',
    advice:
      'Sensible: 2 to 6. News crosses a mesh of N in about log(N) / log(1 + 2 · factor) cycles; raising it speeds that up, and traffic grows in proportion.',
  }),
  'gossip.interval': setting({
    flag: '--gossip-interval',
    variable: 'MUSTER_GOSSIP_INTERVAL',
    placeholder: 'duration',
    kind: duration(millis(50), millis(5 * MINUTE)),
    standard: formatDuration(GOSSIP.gossipInterval),
    summary: 'Length of a cycle.',
    advice: 'Sensible: 200ms to 10s. Raising it slows detection and lowers traffic, both in proportion.',
  }),
  'gossip.rpcTimeout': setting({
    flag: '--rpc-timeout',
    variable: 'MUSTER_RPC_TIMEOUT',
    placeholder: 'duration',
    kind: duration(millis(10), millis(5 * MINUTE)),
    standardWords: 'the gossip interval',
    summary: 'How long one call to a peer may take before it counts as failed.',
    advice:
      'Sensible: twice the longest round trip, up to the gossip interval. Raising it tolerates slower links; above the interval a failed cycle ends after the next has begun.',
  }),
  'gossip.stalenessThreshold': setting({
    flag: '--staleness-threshold',
    variable: 'MUSTER_STALENESS_THRESHOLD',
    placeholder: 'cycles',
    kind: wholeNumber(1, 9_999),
    standard: String(GOSSIP.stalenessThreshold),
    summary: 'Cycles in a row without an answer before a peer is suspected.',
    advice: 'Sensible: 3 to 20. Raising it tolerates worse links and delays detection by one interval a step.',
  }),
  'gossip.deadThreshold': setting({
    flag: '--dead-threshold',
    variable: 'MUSTER_DEAD_THRESHOLD',
    placeholder: 'cycles',
    kind: wholeNumber(2, 10_000),
    standard: String(GOSSIP.deadThreshold),
    summary: 'Cycles in a row without an answer before a peer is dead. Greater than the staleness threshold.',
    advice:
      'Sensible: twice the staleness threshold. The difference of the two, in intervals, is the time that a suspect has to answer; raising it delays detection by one interval a step.',
  }),
  'gossip.deadRetention': setting({
    flag: '--dead-retention',
    variable: 'MUSTER_DEAD_RETENTION',
    placeholder: 'duration',
    kind: duration(millis(0), millis(24 * HOUR)),
    standard: '60s',
    summary: 'How long a dead member stays in the memberlist.',
    advice: 'Sensible: 10s to 1h. Raising it shows deaths for longer and sends their records for longer.',
  }),
  'gossip.reflection': setting({
    flag: '--gossip-reflection',
    variable: 'MUSTER_GOSSIP_REFLECTION',
    placeholder: 'true|false',
    kind: YES_NO,
    standard: 'false',
    summary: 'Whether the gossip server answers gRPC server reflection, for tools such as grpcurl.',
  }),
  'http.bind': setting({
    flag: '--http-bind',
    variable: 'MUSTER_HTTP_BIND',
    placeholder: 'host:port',
    kind: BIND,
    standard: '127.0.0.1:8080',
    summary: 'Address that the HTTP server listens on. Port 0 means any free port.',
    advice: 'Any other than loopback needs --http-token-file, --http-oidc-issuer or --http-insecure.',
  }),
  'http.insecure': setting({
    flag: '--http-insecure',
    variable: 'MUSTER_HTTP_INSECURE',
    placeholder: 'true|false',
    kind: YES_NO,
    standard: 'false',
    summary: 'Whether everybody who can reach the HTTP server may read the memberlist, without a token.',
    advice: 'Without authentication only loopback may change anything, whatever this says.',
  }),
  'http.tokenFile': setting({
    flag: '--http-token-file',
    variable: 'MUSTER_HTTP_TOKEN_FILE',
    placeholder: 'file',
    kind: PATH,
    standardWords: 'none',
    summary: 'File with bearer tokens, one a line: "read TOKEN" or "read-write TOKEN". Read again when it changes.',
    advice: 'Put the new token beside the old one to rotate, then take the old one out.',
  }),
  'http.sessionKeyFile': setting({
    flag: '--http-session-key-file',
    variable: 'MUSTER_HTTP_SESSION_KEY_FILE',
    placeholder: 'file',
    kind: PATH,
    standardWords: 'none (a key of its own in each life of the process)',
    summary: 'File with the keys that sign the sessions of people, one a line. Read again when it changes.',
    advice:
      'With it a login outlasts a restart. The first key signs, all are taken: put the new one first to rotate, and take the old one out after 8 h.',
  }),
  'http.oidc.issuer': setting({
    flag: '--http-oidc-issuer',
    variable: 'MUSTER_HTTP_OIDC_ISSUER',
    placeholder: 'url',
    kind: WEB_URL,
    standardWords: 'none',
    summary: 'Issuer of the JWTs that are taken as bearer tokens, exactly as their iss claim has it.',
    advice: 'Needs --http-oidc-audience.',
  }),
  'http.oidc.audience': setting({
    flag: '--http-oidc-audience',
    variable: 'MUSTER_HTTP_OIDC_AUDIENCE',
    placeholder: 'name',
    kind: WORD,
    standardWords: 'none',
    summary: 'What the aud claim of a JWT must name.',
  }),
  'http.oidc.jwks': setting({
    flag: '--http-oidc-jwks',
    variable: 'MUSTER_HTTP_OIDC_JWKS',
    placeholder: 'url',
    kind: WEB_URL,
    standardWords: "the issuer's own, by OpenID discovery",
    summary: 'Where the keys of the issuer are.',
  }),
  'http.oidc.writeScope': setting({
    flag: '--http-oidc-write-scope',
    variable: 'MUSTER_HTTP_OIDC_WRITE_SCOPE',
    placeholder: 'name',
    kind: WORD,
    standard: 'muster:write',
    summary: 'The scope by which a JWT may also change things. Every valid JWT may read.',
  }),
  'http.oidc.clockTolerance': setting({
    flag: '--http-oidc-clock-tolerance',
    variable: 'MUSTER_HTTP_OIDC_CLOCK_TOLERANCE',
    placeholder: 'duration',
    kind: duration(millis(0), millis(5 * MINUTE)),
    standard: '5s',
    summary: "How far the issuer's clock may be from this host's.",
  }),
  'http.tls.cert': setting({
    flag: '--http-tls-cert',
    variable: 'MUSTER_HTTP_TLS_CERT',
    placeholder: 'file',
    kind: PATH,
    standardWords: 'none (plain HTTP)',
    summary: 'Certificate chain in PEM, with which the HTTP server speaks TLS. Read again when it changes.',
    advice: 'Needs --http-tls-key.',
  }),
  'http.tls.key': setting({
    flag: '--http-tls-key',
    variable: 'MUSTER_HTTP_TLS_KEY',
    placeholder: 'file',
    kind: PATH,
    standardWords: 'none',
    summary: 'Private key of the certificate, in PEM.',
  }),
  'http.corsOrigins': setting({
    flag: '--http-cors-origin',
    variable: 'MUSTER_HTTP_CORS_ORIGINS',
    placeholder: 'origin',
    kind: ORIGINS,
    standard: '',
    summary: 'Origins whose pages may call the API from a browser: scheme://host[:port], comma-separated.',
  }),
  'http.trustedProxies': setting({
    flag: '--http-trusted-proxy',
    variable: 'MUSTER_HTTP_TRUSTED_PROXIES',
    placeholder: 'address',
    kind: NETWORKS,
    standard: '',
    summary: 'Proxies whose X-Forwarded-* headers are believed: addresses or networks, comma-separated.',
    advice: 'Name only your own: whoever is believed here chooses the address that is limited and trusted.',
  }),
  'http.rate': setting({
    flag: '--http-rate',
    variable: 'MUSTER_HTTP_RATE',
    placeholder: 'count',
    kind: wholeNumber(1, 1_000_000),
    standard: '100',
    summary: 'Requests a second that one client address may make in the long run.',
  }),
  'http.burst': setting({
    flag: '--http-burst',
    variable: 'MUSTER_HTTP_BURST',
    placeholder: 'count',
    kind: wholeNumber(1, 1_000_000),
    standard: '200',
    summary: 'Requests that one client address may make at once before its rate counts.',
  }),
  'metrics.bind': setting({
    flag: '--metrics-bind',
    variable: 'MUSTER_METRICS_BIND',
    placeholder: 'host:port',
    kind: BIND,
    standardWords: 'none (on the HTTP server)',
    summary: 'Address of a listener of its own for /metrics and the probes; /metrics is then only there.',
    advice: 'It is plain HTTP and open to all who can reach it.',
  }),
  'cluster.apiEndpoint': setting({
    flag: '--api-endpoint',
    variable: 'MUSTER_API_ENDPOINT',
    placeholder: 'url',
    kind: ENDPOINT,
    standard: '',
    summary: "URL of the cluster's API server, told to all members.",
    advice: 'A node without one takes part, shows an empty endpoint and warns in its log.',
  }),
  'cluster.apiPort': setting({
    flag: '--api-port',
    variable: 'MUSTER_API_PORT',
    placeholder: 'port',
    kind: wholeNumber(1, 65_535),
    standard: '443',
    summary: "Port that the cluster's auth server listens on, told to all members.",
  }),
  'cluster.labels': setting({
    flag: '--label',
    variable: 'MUSTER_LABELS',
    placeholder: 'key=value',
    kind: LABELS,
    standard: '',
    summary: "Labels of the cluster by Kubernetes' rules, told to all members: key=value, comma-separated.",
    advice: 'A few short ones: every member holds them all, and every change of one is sent to everybody.',
  }),
  dataDir: setting({
    flag: '--data-dir',
    variable: 'MUSTER_DATA_DIR',
    placeholder: 'directory',
    kind: PATH,
    standardWords: 'none (memory only)',
    summary: 'Directory for the snapshot, with which a restarted node finds its mesh again without any bootstrap node.',
    advice: 'It also keeps what was set over HTTP of labels, endpoint and port.',
  }),
  drainTimeout: setting({
    flag: '--drain-timeout',
    variable: 'MUSTER_DRAIN_TIMEOUT',
    placeholder: 'duration',
    kind: duration(millis(SECOND), millis(10 * MINUTE)),
    standard: '25s',
    summary: 'How long the agent may take to leave, finish requests and stop after a signal.',
    advice: 'Shorter than the time after which whoever stops it kills it: Kubernetes gives 30s.',
  }),
  'log.level': setting({
    flag: '--log-level',
    variable: 'MUSTER_LOG_LEVEL',
    placeholder: 'trace|debug|info|warn|error|fatal|silent',
    kind: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    standard: 'info',
    summary: 'Least severity that is logged.',
    advice: 'With debug a failed start shows its stack trace.',
  }),
  'log.format': setting({
    flag: '--log-format',
    variable: 'MUSTER_LOG_FORMAT',
    placeholder: 'json|pretty',
    kind: choice(['json', 'pretty']),
    standard: (host) => ({ at: 'log.format', text: host.terminal ? 'pretty' : 'json' }),
    standardWords: 'json; pretty on a terminal',
    summary: 'Form of the log: json is one object a line for machines, pretty is for people.',
  }),
} as const;

export type SettingKey = keyof typeof SETTINGS;

/** The type of a setting's value, by its key. */
export type SettingValue<Key extends SettingKey> =
  (typeof SETTINGS)[Key] extends SettingSpec<infer Value> ? Value : never;

/** The same settings as a list, in the same order. */
export const SETTING_LIST: readonly Setting[] = Object.entries<SettingSpec<unknown>>(SETTINGS).map(([key, spec]) =>
  Object.assign({ key }, spec),
);

/** The file itself: a flag and a variable, but no key. */
export const CONFIG_FILE = Object.freeze({
  flag: '--config',
  variable: 'MUSTER_CONFIG',
  placeholder: 'file',
  summary: 'YAML file with settings. Flags win over environment, environment over file, file over default.',
});
