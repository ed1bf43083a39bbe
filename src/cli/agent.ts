import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import type { EffectiveConfig } from '../config/effective.ts';
import type { FlagValues } from '../config/layer.ts';
import { type ConfigInput, configFileOf, loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { renderEffectiveConfig } from '../config/render.ts';
import { HttpServer } from '../http/server.ts';
import { watchFiles } from '../http/watched-files.ts';
import { systemClock } from '../node/clock.ts';
import { MusterNode } from '../node/muster-node.ts';
import { Recorder } from '../node/recorder.ts';
import type { RecordingFile } from '../node/recording-file.ts';
import { createLogger } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import type { Tracing } from '../observability/tracing.ts';
import { ExitCode } from './exit-code.ts';
import { controlPort, membershipPort } from './membership-port.ts';
import { createRecording } from './recording.ts';
import { createReload } from './reload.ts';
import { shutDown } from './shutdown.ts';
import { nextSignal } from './signals.ts';
import { version } from './version.ts';

/**
 * A burst makes V8's young generation grow, on Node.js 24 to 128 MiB, and it stays that large. An agent keeps it as it was when it got
 * ready. V8 reads this flag at every collection, so it can be set late; its maximum size can only be given when Node.js starts.
 */
const STEADY_YOUNG_GENERATION = '--semi-space-growth-factor=1';

/**
 * `muster agent`: runs one node until a signal tells it to leave.
 *
 * @param flags as parsed, still text
 * @param tracing makes spans, when that was asked for
 * @returns the exit code, once all is closed
 */
export async function runAgent(flags: FlagValues, tracing?: Tracing): Promise<ExitCode> {
  const source: ConfigInput = {
    flags,
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
    hostname: hostname(),
    interfaces: networkInterfaces(),
    terminal: process.stdout.isTTY,
  };
  const loaded = loadConfig(source);
  if (!loaded.ok) {
    for (const problem of loaded.error) process.stderr.write(`${formatProblem(problem)}\n`);
    return ExitCode.usage;
  }
  const config = loaded.value;
  if (flags['printConfig'] === true) {
    process.stdout.write(renderEffectiveConfig(config));
    return ExitCode.ok;
  }
  const recording = typeof flags['record'] === 'string' ? await createRecording(flags['record']) : undefined;
  if (recording?.ok === false) {
    process.stderr.write(`${recording.error}\n`);
    return ExitCode.usage;
  }
  const logger = createLogger(config.log);
  try {
    return await serve({ source, config, logger, recording: recording?.value, tracing });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    process.stderr.write(`muster agent: ${problem}\n`);
    logger.debug({ code: 'AGENT_FAILED', err: error }, 'the agent failed');
    return ExitCode.failed;
  }
}

async function serve({
  source,
  config,
  logger,
  recording,
  tracing,
}: {
  readonly source: ConfigInput;
  readonly config: EffectiveConfig;
  readonly logger: Logger;
  readonly recording: RecordingFile | undefined;
  readonly tracing: Tracing | undefined;
}): Promise<ExitCode> {
  const stopAsked = nextSignal();
  const metrics = createMetrics({ version });
  const record = recording === undefined ? {} : { record: new Recorder(recording, version, logger) };
  const node = new MusterNode({ config, logger, metrics, tracing, ...record });
  const http = await HttpServer.open(config, {
    port: membershipPort(node, config),
    control: controlPort(node),
    metrics,
    logger,
    now: () => systemClock().wall,
    version,
    tracing: tracing?.http,
  });
  const reloadConfig = createReload({ node, logger, started: config, load: () => loadConfig(source) });
  const reload = (): void => {
    reloadConfig();
    void http.reload();
  };
  process.on('SIGHUP', reload);
  const file = configFileOf(source);
  const endFileWatch = watchFiles(file === undefined ? [] : [file], reload);
  try {
    await node.start();
    const addresses = await http.listen();
    if (node.metadata.apiEndpoint === '') {
      logger.warn({ code: 'NO_API_ENDPOINT' }, 'no --api-endpoint: the other clusters will see an empty one');
    }
    await Promise.race([node.ready, stopAsked]);
    setFlagsFromString(STEADY_YOUNG_GENERATION);
    const { nodeId, mesh } = config;
    if (!node.standing().leaving) {
      logger.info({ code: 'READY', nodeId, mesh, gossipAddress: node.address, ...addresses }, 'ready');
    }
    const signal = await stopAsked;
    logger.info({ code: 'STOPPING', signal }, 'leaving and stopping; a second signal ends at once');
  } catch (error) {
    await Promise.all([http.close(), node.stop(), tracing?.stop()]);
    throw error;
  }
  endFileWatch();
  await shutDown({ node, http, logger, drainTimeout: config.drainTimeout });
  await tracing?.stop();
  return ExitCode.ok;
}
