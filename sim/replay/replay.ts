import { seededRandom } from '../../src/base/random.ts';
import { GossipCore } from '../../src/gossip/core.ts';
import type { Input } from '../../src/gossip/input.ts';
import {
  type RecordedStep,
  type RecordingHeader,
  readHeader,
  readStep,
  type StepOutcome,
} from '../../src/wire/recording.ts';
import { type Json, toJson } from '../../src/wire/recording-json.ts';
import { type Difference, firstDifference } from './difference.ts';

/** How a replay went. */
export type ReplayOutcome =
  /** The core did again exactly what was recorded. */
  | {
      readonly kind: 'same';
      readonly header: RecordingHeader;
      /** How many inputs were replayed. */
      readonly inputs: number;
      /** From the start to the last input, ms of the recorded monotonic clock. */
      readonly duration: number;
      /** The last line is not whole, and was left out: the recording node ended in the middle of it. */
      readonly cutOff: boolean;
      /** What the core threw at the last input, when recorded and now. */
      readonly threw?: string;
    }
  /** The first input of which the core made something else. */
  | {
      readonly kind: 'different';
      readonly header: RecordingHeader;
      readonly line: number;
      readonly input: Input['kind'];
      /** When the input came, ms after the start. */
      readonly at: number;
      readonly difference: OutcomeDifference;
    }
  /** The recording can not be used from this line on. */
  | { readonly kind: 'damaged'; readonly line: number; readonly problem: string };

/** What is not the same in what the core made of one input. */
export type OutcomeDifference =
  /** One effect. The path leads on from it. */
  | {
      readonly kind: 'effect';
      /** From 0. */
      readonly index: number;
      /** The recorded effect, unless there was none. */
      readonly recorded?: Json;
      /** What the core did now, unless it did nothing more. */
      readonly replayed?: Json;
      readonly difference: Difference;
    }
  /** The core threw, once or both times; not the same. Absent where it did not throw. */
  | { readonly kind: 'threw'; readonly recorded?: string; readonly replayed?: string };

/**
 * Feeds a recording to a fresh core and compares all that it does with what was recorded.
 *
 * @param lines the lines of the recording, each with its line break. A last one without was being written when the node ended: it
 *   counts only if it is whole.
 */
export function replay(lines: Iterable<string>): ReplayOutcome {
  let replaying: Replaying | undefined;
  let line = 0;
  for (const text of lines) {
    line += 1;
    if (replaying === undefined) {
      const header = readHeader(text);
      if (!header.ok) return { kind: 'damaged', line, problem: header.error };
      try {
        replaying = new Replaying(header.value);
      } catch (error) {
        return { kind: 'damaged', line, problem: `makes no core: ${messageOf(error)}` };
      }
      continue;
    }
    if (isCutOff(text)) return replaying.finished(true);
    const step = readStep(text);
    if (!step.ok) return { kind: 'damaged', line, problem: step.error };
    const stopped = replaying.take(step.value, line);
    if (stopped !== undefined) return stopped;
  }
  return replaying?.finished(false) ?? { kind: 'damaged', line: 1, problem: 'is not there: the file is empty' };
}

/** A replay under way. */
class Replaying {
  readonly #header: RecordingHeader;
  readonly #core: GossipCore;
  #inputs = 0;
  #lastAt: number;
  #threw: string | undefined;

  constructor(header: RecordingHeader) {
    this.#header = header;
    this.#core = new GossipCore({ ...header, random: seededRandom(header.seed) });
    this.#lastAt = header.now.monotonic;
  }

  /** @returns how the replay ended, when it ends here */
  take({ n, now, input, outcome }: RecordedStep, line: number): ReplayOutcome | undefined {
    if (n !== this.#inputs + 1) {
      return { kind: 'damaged', line, problem: `is input ${n}; input ${this.#inputs + 1} is missing` };
    }
    if (this.#threw !== undefined) return { kind: 'damaged', line, problem: 'comes after the core threw an error' };
    const replayed = this.#handle(input, now);
    const difference = compareOutcomes(outcome, replayed);
    if (difference !== undefined) {
      const at = now.monotonic - this.#header.now.monotonic;
      return { kind: 'different', header: this.#header, line, input: input.kind, at, difference };
    }
    this.#inputs = n;
    this.#lastAt = now.monotonic;
    if ('threw' in replayed) this.#threw = replayed.threw;
    return undefined;
  }

  finished(cutOff: boolean): ReplayOutcome {
    return {
      kind: 'same',
      header: this.#header,
      inputs: this.#inputs,
      duration: this.#lastAt - this.#header.now.monotonic,
      cutOff,
      ...(this.#threw === undefined ? {} : { threw: this.#threw }),
    };
  }

  #handle(input: Input, now: RecordedStep['now']): StepOutcome<Json> {
    try {
      return { effects: this.#core.handle(input, now).map((effect) => toJson(effect)) };
    } catch (error) {
      return { threw: messageOf(error) };
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function compareOutcomes(recorded: StepOutcome<Json>, replayed: StepOutcome<Json>): OutcomeDifference | undefined {
  if ('threw' in recorded || 'threw' in replayed) {
    const before = 'threw' in recorded ? recorded.threw : undefined;
    const now = 'threw' in replayed ? replayed.threw : undefined;
    if (before === now) return undefined;
    return {
      kind: 'threw',
      ...(before === undefined ? {} : { recorded: before }),
      ...(now === undefined ? {} : { replayed: now }),
    };
  }
  const found = firstDifference(recorded.effects, replayed.effects);
  if (found === undefined) return undefined;
  const [index, ...path] = found.path;
  const at = Number(index);
  const before = recorded.effects[at];
  const now = replayed.effects[at];
  return {
    kind: 'effect',
    index: at,
    ...(before === undefined ? {} : { recorded: before }),
    ...(now === undefined ? {} : { replayed: now }),
    difference: { ...found, path },
  };
}

/** A line without an end counts only if it is whole. No beginning of a JSON object is one itself. */
function isCutOff(text: string): boolean {
  if (text.endsWith('\n')) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
