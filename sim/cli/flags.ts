import { type Millis, millis } from '../../src/base/brands.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { choice, duration, type Kind, wholeNumber } from '../../src/config/kind.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { quote } from '../../src/config/text.ts';
import { NETWORKS, type NetworkName } from '../scenario/scenario.ts';
import { parsePercent } from '../scenario/words.ts';

/** The exit codes of the simulator's commands, those of `muster`. */
export const SUCCEEDED = 0;
/** Something broke, or could not be done. */
export const BROKE = 1;
/** It was asked wrongly. */
const MISUSED = 2;

const NODES = wholeNumber(1, 10_000);
const SEED = wholeNumber(0, 2_147_483_647);
const RUNS = wholeNumber(1, 100_000);
const INTERVAL = duration(millis(10), millis(3_600_000));

/** Flags as they were given. */
export type GivenFlags = Readonly<Record<string, string | undefined>>;

/** Reads flags one by one and keeps all mistakes, so that they can be told together. */
export class FlagReader {
  readonly problems: string[] = [];
  readonly #flags: GivenFlags;

  constructor(flags: GivenFlags) {
    this.#flags = flags;
  }

  nodes(): number | undefined {
    return this.#read('nodes', NODES);
  }

  seed(): number | undefined {
    return this.#read('seed', SEED);
  }

  runs(): number | undefined {
    return this.#read('runs', RUNS);
  }

  jobs(): number | undefined {
    return this.#read('jobs', wholeNumber(1, 64));
  }

  factor(): number | undefined {
    return this.#read('factor', wholeNumber(1, 100));
  }

  interval(): Millis | undefined {
    return this.#read('interval', INTERVAL);
  }

  network(): NetworkName | undefined {
    return this.#read('network', choice(NETWORKS));
  }

  /** Per cent, as `2%` says it. */
  percent(name: string): number | undefined {
    const text = this.#flags[name];
    const percent = text === undefined ? undefined : parsePercent(text);
    if (text !== undefined && percent === undefined) {
      this.problems.push(`--${name}: must be a share such as 2%, got ${quote(text)}`);
    }
    return percent;
  }

  onOff(name: string): boolean | undefined {
    const word = this.#read(name, choice(['on', 'off']));
    return word === undefined ? undefined : word === 'on';
  }

  /** What was made of the flags, unless there were mistakes. */
  done<Value>(value: Value): Result<Value, readonly string[]> {
    return this.problems.length > 0 ? err(this.problems) : ok(value);
  }

  #read<Value>(name: string, kind: Kind<Value>): Value | undefined {
    const text = this.#flags[name];
    if (text === undefined) return undefined;
    const read = kind.read([{ at: `--${name}`, text }], quote);
    if (read.ok) return read.value;
    this.problems.push(...read.error.map(formatProblem));
    return undefined;
  }
}

/** Says what was wrong, a line each. */
export function complain(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return MISUSED;
}
