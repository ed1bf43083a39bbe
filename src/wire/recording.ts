import * as z from 'zod';
import type { Now } from '../base/brands.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CoreSetup } from '../gossip/core.ts';
import type { Effect } from '../gossip/effect.ts';
import type { Input } from '../gossip/input.ts';
import { type Json, toJson } from './recording-json.ts';
import {
  bootstrapShape,
  configShape,
  effectsShape,
  identityShape,
  inputShape,
  nowShape,
  versionShape,
} from './recording-shapes.ts';

/** Stands at the head of every recording. The number rises when a recording of before can no longer be read. */
const FORMAT = 'muster-recording/1';

/** Where a recording comes from, and all that its core was made of: with the seed, the randomness too. */
export interface RecordingHeader extends Omit<CoreSetup, 'random'> {
  readonly musterVersion: string;
  /** As `process.version` says it. */
  readonly nodeVersion: string;
  /** ISO 8601, for people. */
  readonly startedAt: string;
  /** What `seededRandom` was given. */
  readonly seed: number;
}

/** What the core made of an input: effects, or, by a mistake of its own, an error. */
export type StepOutcome<Some> = { readonly effects: readonly Some[] } | { readonly threw: string };

/** One input that a core took in, when, and what it made of it. */
export interface RecordedStep {
  /** The number of the input, from 1 without a gap. */
  readonly n: number;
  readonly now: Now;
  readonly input: Input;
  readonly outcome: StepOutcome<Json>;
}

/** The first line of a recording, with its line break. */
export function headerLine(header: RecordingHeader): string {
  return line({ format: FORMAT, ...header });
}

/** The line of one input, with its line break. */
export function stepLine(n: number, now: Now, input: Input, outcome: StepOutcome<Effect>): string {
  return line({ n, now, input, ...outcome });
}

const headShape = z.looseObject({ format: z.string() });

const headerShape: z.ZodType<RecordingHeader> = z.strictObject({
  musterVersion: z.string(),
  nodeVersion: z.string(),
  startedAt: z.string(),
  seed: z.int(),
  config: configShape,
  identity: identityShape,
  bootstrap: bootstrapShape,
  formerVersion: versionShape.exactOptional(),
  now: nowShape,
});

const stepShape: z.ZodType<RecordedStep> = z
  .strictObject({
    n: z.int().positive(),
    now: nowShape,
    input: inputShape,
    effects: effectsShape.exactOptional(),
    threw: z.string().exactOptional(),
  })
  .transform(({ effects, threw, ...step }, context) => {
    if (effects !== undefined && threw === undefined) return { ...step, outcome: { effects } };
    if (threw !== undefined && effects === undefined) return { ...step, outcome: { threw } };
    context.addIssue('must have either "effects" or "threw"');
    return z.NEVER;
  });

/**
 * Reads the first line of a recording.
 *
 * @returns the header, or what is wrong with the line, in words
 */
export function readHeader(text: string): Result<RecordingHeader, string> {
  const parsed = parseLine(text);
  if (!parsed.ok) return parsed;
  const head = headShape.safeParse(parsed.value);
  if (!head.success) return err('is not the head of a recording');
  const { format, ...header } = head.data;
  if (format !== FORMAT) return err(`is of the format ${JSON.stringify(format)}, this Muster reads "${FORMAT}"`);
  return checked(headerShape, header);
}

/**
 * Reads the line of one input.
 *
 * @returns the step, or what is wrong with the line, in words
 */
export function readStep(text: string): Result<RecordedStep, string> {
  const parsed = parseLine(text);
  return parsed.ok ? checked(stepShape, parsed.value) : parsed;
}

function line(value: unknown): string {
  return `${JSON.stringify(toJson(value))}\n`;
}

function parseLine(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return err('is not JSON');
  }
}

function checked<Value>(shape: z.ZodType<Value>, value: unknown): Result<Value, string> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  if (issue === undefined) return err('is not as it must be');
  const where = issue.path.map(String).join('.');
  return err(where === '' ? issue.message : `${where}: ${issue.message}`);
}
