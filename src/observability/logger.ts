import { type DestinationStream, destination as fileDestination, type Logger, pino, stdTimeFunctions } from 'pino';
import { isColorSupported, prettyFactory } from 'pino-pretty';

/** The least grave lines that a log still takes, from the quietest log to the loudest. */
export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** `json`: one JSON object a line, for machines. `pretty`: for people at a terminal. */
export type LogFormat = 'json' | 'pretty';

/** What a log takes and how it looks. */
export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
}

const SECRET_FIELDS = ['authorization', 'token', 'password', 'secret', 'cookie'];

/** Fields whose values never reach the log, at the top of a line and up to two objects deep (`req.headers.cookie`). */
const SECRET_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/**
 * Makes the log of a process. Every line goes out before the call returns: there is no worker and no buffer, so what was
 * logged last before a crash is there to read.
 *
 * @param destination where the lines go; standard output when it is left out
 */
export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  const sink = destination ?? fileDestination({ dest: 1, sync: true });
  return pino(
    {
      level: options.level,
      // The process id and the host name are the collector's to add; the node's name is in the lines that need it.
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    },
    options.format === 'pretty' ? prettified(sink, destination === undefined) : sink,
  );
}

/** Wraps a destination so that it gets lines for people. In colour only on a terminal of our own. */
function prettified(sink: DestinationStream, ownOutput: boolean): DestinationStream {
  const pretty = prettyFactory({
    colorize: ownOutput && process.stdout.isTTY && isColorSupported,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
  return {
    write(line) {
      sink.write(pretty(line));
    },
  };
}
