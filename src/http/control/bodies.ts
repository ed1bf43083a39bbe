import type { FastifySchemaCompiler } from 'fastify';
import * as z from 'zod';
import { invariant } from '../../base/invariant.ts';
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

const endpoint = ruled(endpointProblem).meta({
  description: "URL of the cluster's API server, http or https and without credentials; may be empty.",
});
const port = z.int().min(1).max(65_535).meta({ description: "Port of the cluster's auth server." });
const labelValue = ruled(labelValueProblem);

const labels = z
  .record(z.string(), labelValue)
  .superRefine((given, context) => {
    if (Object.keys(given).length > MAX_LABELS) {
      context.addIssue({ code: 'custom', message: `must be at most ${MAX_LABELS} labels` });
    }
    for (const key of Object.keys(given)) {
      const message = labelKeyProblem(key);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [key], message: `the key ${message}` });
    }
  })
  .meta({ description: 'Keys and values as Kubernetes allows them for labels.' });

/** What a node tells of its cluster, whole. */
export const metadataBody: z.ZodType<NodeMetadata> = z
  .strictObject({ apiEndpoint: endpoint, apiPort: port, labels })
  .superRefine((metadata, context) => {
    const message = metadataSizeProblem(metadata);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['labels'], message });
  });

/** A merge patch of it. What it leads to is held to {@link metadataBody}. */
export const metadataPatch = z
  .strictObject({
    apiEndpoint: endpoint.nullable(),
    apiPort: port.nullable(),
    labels: z.record(z.string(), labelValue.nullable()).nullable(),
  })
  .partial();

/** Targets to find other nodes by. */
export const joinBody = z
  .strictObject({
    targets: z
      .array(z.string().meta({ description: 'host:port, dns://name:port or dns+srv://_service._proto.name' }))
      .min(1)
      .max(MAX_TARGETS),
  })
  .transform(({ targets }, context): readonly BootstrapTarget[] => {
    const given = targets.map((text, index) => ({ at: `targets.${index}`, text }));
    const read = TARGETS.read(given, quote);
    if (read.ok) return read.value;
    for (const { source, message } of read.error) context.addIssue({ code: 'custom', path: [source], message });
    return z.NEVER;
  });

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

/** Has Fastify check the bodies of a route whose schema has a shape for them. Its handler gets what was read. */
export const checkByShape: FastifySchemaCompiler<unknown> = ({ schema: shape }) => {
  // Any kind of schema is possible for Fastify's types.
  invariant(shape instanceof z.ZodType, 'the schema of the body is a shape');
  return (body: unknown) => {
    try {
      return { value: readBody(shape, body) };
    } catch (error) {
      return { error: error as HttpError };
    }
  };
};

function place(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the body' : path.map(String).join('.');
}
