import type { NodeMetadata } from '../base/metadata.ts';
import { err, ok, type Result } from '../base/result.ts';
import { formatHostPort } from './address.ts';
import { defaultAdvertised } from './advertise.ts';
import { metadataProblems, thresholdProblems } from './conflicts.ts';
import { Draft } from './draft.ts';
import { deepFreeze, type EffectiveConfig, type HttpConfig } from './effective.ts';
import { readFileLayer } from './file.ts';
import { httpProblems } from './http-conflicts.ts';
import { type Environment, type FlagValues, flagAttribute, type Layer, readEnvironment, readFlags } from './layer.ts';
import type { ConfigProblem } from './problem.ts';
import type { Host } from './setting.ts';
import { CONFIG_FILE, SETTING_LIST, SETTINGS, type SettingKey, type SettingValue } from './settings.ts';
import { type Settled, settle } from './settle.ts';
import { placeOf, type Source } from './source.ts';
import { quote, short } from './text.ts';

/** All that a configuration is made of. Nothing else is looked at. */
export interface ConfigInput extends Host {
  /** See {@link FlagValues}. Attributes that are no settings are left alone: they are commands for the CLI. */
  readonly flags: FlagValues;
  readonly env: Environment;
  /** Gives the text of a file, or throws. Called at most once. */
  readonly readFile: (path: string) => string;
}

/**
 * Makes the configuration out of flags, environment and file, in that order of precedence.
 *
 * @returns the configuration, or every mistake that could be found, those of one setting together
 */
export function loadConfig(input: ConfigInput): Result<EffectiveConfig, readonly ConfigProblem[]> {
  const environment = readEnvironment(SETTING_LIST, input.env);
  const layers = [readFlags(SETTING_LIST, input.flags), environment, readFile(input)];
  const problems = layers.flatMap((layer) => layer.problems);
  const settled = new Map<string, Settled>();
  for (const setting of SETTING_LIST) {
    const outcome = settle(setting, layers, input);
    if (outcome.ok) settled.set(setting.key, outcome.value);
    else problems.push(...outcome.error);
  }
  const draft = new Draft(settled);
  const advertise = chooseAdvertised(draft, input);
  problems.push(...thresholdProblems(draft), ...metadataProblems(draft), ...httpProblems(draft));
  if (!advertise.ok) problems.push(...advertise.error);
  if (problems.length > 0 || !advertise.ok) return err(problems);
  return ok(deepFreeze(assemble(draft, advertise.value)));
}

function assemble(draft: Draft, advertise: SettingValue<'gossip.advertise'>): EffectiveConfig {
  const sources = SETTING_LIST.map(({ key }) => [key, draft.source(key as SettingKey)]);
  return {
    nodeId: draft.get('nodeId'),
    mesh: draft.get('mesh'),
    gossip: {
      bind: draft.get('gossip.bind'),
      advertise,
      ...given({ proxy: draft.find('gossip.proxy') }),
      bootstrapPeers: draft.get('gossip.bootstrapPeers'),
      factor: draft.get('gossip.factor'),
      interval: draft.get('gossip.interval'),
      rpcTimeout: draft.find('gossip.rpcTimeout') ?? draft.get('gossip.interval'),
      stalenessThreshold: draft.get('gossip.stalenessThreshold'),
      deadThreshold: draft.get('gossip.deadThreshold'),
      deadRetention: draft.get('gossip.deadRetention'),
      reflection: draft.get('gossip.reflection'),
    },
    http: httpOf(draft),
    metrics: given({ bind: draft.find('metrics.bind') }),
    cluster: clusterOf(draft),
    ...given({ dataDir: draft.find('dataDir') }),
    drainTimeout: draft.get('drainTimeout'),
    log: { level: draft.get('log.level'), format: draft.get('log.format') },
    sources: Object.fromEntries(sources) as Record<SettingKey, Source>,
  };
}

function httpOf(draft: Draft): HttpConfig {
  return {
    bind: draft.get('http.bind'),
    insecure: draft.get('http.insecure'),
    ...given({ tokenFile: draft.find('http.tokenFile'), sessionKeyFile: draft.find('http.sessionKeyFile') }),
    oidc: {
      ...given({
        issuer: draft.find('http.oidc.issuer'),
        audience: draft.find('http.oidc.audience'),
        jwks: draft.find('http.oidc.jwks'),
      }),
      writeScope: draft.get('http.oidc.writeScope'),
      clockTolerance: draft.get('http.oidc.clockTolerance'),
    },
    tls: given({ cert: draft.find('http.tls.cert'), key: draft.find('http.tls.key') }),
    corsOrigins: draft.get('http.corsOrigins'),
    trustedProxies: draft.get('http.trustedProxies'),
    rate: draft.get('http.rate'),
    burst: draft.get('http.burst'),
  };
}

type Given<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The same object without the fields that have no value. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>;
}

function clusterOf(draft: Draft): NodeMetadata {
  return {
    apiEndpoint: draft.get('cluster.apiEndpoint'),
    apiPort: draft.get('cluster.apiPort'),
    labels: draft.get('cluster.labels'),
  };
}

/** The path of the file that a configuration is read from; undefined when there is none. */
export function configFileOf({ flags, env }: Pick<ConfigInput, 'flags' | 'env'>): string | undefined {
  const flag = flags[flagAttribute(CONFIG_FILE.flag)];
  const variable = env[CONFIG_FILE.variable];
  if (flag !== undefined) return String(flag);
  return variable === '' ? undefined : variable;
}

function readFile({ flags, env, readFile }: ConfigInput): Layer {
  const path = configFileOf({ flags, env });
  if (path === undefined) return { given: new Map(), problems: [] };
  let content: string;
  try {
    content = readFile(path);
  } catch (error) {
    const isFlag = flags[flagAttribute(CONFIG_FILE.flag)] !== undefined;
    const source = isFlag ? CONFIG_FILE.flag : CONFIG_FILE.variable;
    const reason = short(error instanceof Error ? error.message : String(error));
    const message = `must name a file that can be read, got ${quote(path)} (${reason})`;
    return { given: new Map(), problems: [{ code: 'MUSTER_CONFIG_FILE_UNREADABLE', source, message }] };
  }
  return readFileLayer(SETTING_LIST, path, content);
}

type AdvertiseOutcome = Result<SettingValue<'gossip.advertise'>, readonly ConfigProblem[]>;

function chooseAdvertised(draft: Draft, { interfaces }: Host): AdvertiseOutcome {
  const given = draft.find('gossip.advertise');
  if (given !== undefined) return ok(given);
  const bind = draft.find('gossip.bind');
  const source = draft.source('gossip.bind');
  // One of the two has a problem already, and a guess would only add a second one.
  if (bind === undefined || source === undefined || draft.source('gossip.advertise')?.kind !== 'default')
    return err([]);
  const found = defaultAdvertised(bind, interfaces);
  if (found !== undefined) return ok(found);
  const message = `must be an address of its own or come with ${SETTINGS['gossip.advertise'].flag}, since this host has no address to advertise that others can reach, got ${quote(formatHostPort(bind))}`;
  return err([{ code: 'MUSTER_CONFIG_NO_ROUTABLE_ADDRESS', source: placeOf(source, 'gossip.bind'), message }]);
}
