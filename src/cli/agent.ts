import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EffectiveConfig } from '../config/effective.ts';
import type { FlagValues } from '../config/layer.ts';
import { loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { renderEffectiveConfig } from '../config/render.ts';
import { HttpServer } from '../http/server.ts';
import { systemClock } from '../node/clock.ts';
import { MusterNode } from '../node/muster-node.ts';
import { Recorder } from '../node/recorder.ts';
import type { RecordingFile } from '../node/recording-file.ts';
import { createLogger } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import type { Tracing } from '../observability/tracing.ts';
import { ExitCode } from './exit-code.ts';
import { membershipPort } from './membership-port.ts';
import { createRecording } from './recording.ts';
import { nextSignal } from './signals.ts';
import { version } from './version.ts';

/** How long finished HTTP connections may take to close on the way out. */
const HTTP_CLOSE_MS = 400;

/**
 * `muster agent`: runs one node until a signal tells it to leave.
 *
 * @param flags as parsed, still text
 * @param tracing makes spans, when that was asked for
 * @returns the exit code, once all is closed
 */
export async function runAgent(flags: FlagValues, tracing?: Tracing): Promise<ExitCode> {
  const loaded = loadConfig({
    flags,
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
    hostname: hostname(),
    interfaces: networkInterfaces(),
    terminal: process.stdout.isTTY,
  });
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
    return await serve(config, logger, recording?.value, tracing);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    process.stderr.write(`muster agent: ${problem}\n`);
    logger.debug({ code: 'AGENT_FAILED', err: error }, 'the agent failed');
    return ExitCode.failed;
  }
}

async function serve(
  config: EffectiveConfig,
  logger: Logger,
  recording: RecordingFile | undefined,
  tracing: Tracing | undefined,
): Promise<ExitCode> {
  const stopAsked = nextSignal();
  const metrics = createMetrics({ version });
  const record = recording === undefined ? {} : { record: new Recorder(recording, version, logger) };
  const node = new MusterNode({ config, logger, metrics, tracing, ...record });
  const http = await HttpServer.open(config, {
    port: membershipPort(node, config),
    metrics,
    logger,
    now: () => systemClock().wall,
    version,
    tracing: tracing?.http,
  });
  try {
    await node.start();
    const addresses = await http.listen();
    if (config.cluster.apiEndpoint === '') {
      logger.warn({ code: 'NO_API_ENDPOINT' }, 'no --api-endpoint: the other clusters will see an empty one');
    }
    await Promise.race([node.ready, stopAsked]);
    const { nodeId, mesh } = config;
    if (!node.standing().leaving) {
      logger.info({ code: 'READY', nodeId, mesh, gossipAddress: node.address, ...addresses }, 'ready');
    }
    const signal = await stopAsked;
    logger.info({ code: 'STOPPING', signal }, 'leaving and stopping; a second signal ends at once');
    const acknowledged = await node.leave();
    logger.info({ code: 'LEFT', acknowledged }, 'left the mesh');
  } finally {
    await Promise.race([http.close(), delay(HTTP_CLOSE_MS)]);
    await node.stop();
    await tracing?.stop();
  }
  return ExitCode.ok;
}
