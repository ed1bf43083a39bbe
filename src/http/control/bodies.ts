import { z } from 'zod';
import {
  endpointProblem,
  labelKeyProblem,
  labelValueProblem,
  MAX_LABELS,
  type NodeMetadata,
} from '../../base/metadata.ts';
import { metadataSizeProblem } from '../../config/conflicts.ts';
import { TARGETS } from '../../config/place-kinds.ts';
import { quote } from '../../config/text.ts';
import type { BootstrapTarget } from '../../gossip/input.ts';
import { HttpError } from '../errors.ts';

const MAX_TARGETS = 64;

type Problem = string | undefined;

/** A text that follows a rule of the metadata. */
const ruled = (problem: (text: string) => Problem) =>
  z.string().superRefine((text, context) => {
    const message = problem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const labels = z.record(z.string(), ruled(labelValueProblem)).superRefine((given, context) => {
  if (Object.keys(given).length > MAX_LABELS) {
    context.addIssue({ code: 'custom', message: `must be at most ${MAX_LABELS} labels` });
  }
  for (const key of Object.keys(given)) {
    const message = labelKeyProblem(key);
    if (message !== undefined) context.addIssue({ code: 'custom', path: [key], message: `the key ${message}` });
  }
});

/** What a node tells of its cluster, whole. */
export const metadataBody: z.ZodType<NodeMetadata> = z
  .strictObject({ apiEndpoint: ruled(endpointProblem), apiPort: z.int().min(1).max(65_535), labels })
  .superRefine((metadata, context) => {
    const message = metadataSizeProblem(metadata);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['labels'], message });
  });

/** Targets to find other nodes by. */
const joinBody = z.strictObject({ targets: z.array(z.string()).min(1).max(MAX_TARGETS) });

/**
 * Checks a body against its shape.
 *
 * @throws {HttpError} INVALID_INPUT, with every mistake and its place
 */
export function readBody<Value>(shape: z.ZodType<Value>, body: unknown): Value {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${place(path)}: ${message}`);
  throw new HttpError('INVALID_INPUT', problems.join('; '));
}

/**
 * Reads the targets of a join.
 *
 * @throws {HttpError} INVALID_INPUT, with every mistake and its place
 */
export function readTargets(body: unknown): readonly BootstrapTarget[] {
  const { targets } = readBody(joinBody, body);
  const given = targets.map((text, index) => ({ at: `targets.${index}`, text }));
  const read = TARGETS.read(given, quote);
  if (read.ok) return read.value;
  throw new HttpError('INVALID_INPUT', read.error.map(({ source, message }) => `${source}: ${message}`).join('; '));
}

function place(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the body' : path.map(String).join('.');
}
