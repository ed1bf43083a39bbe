import { Decoder, Encoder } from '@msgpack/msgpack';
import {
  endpointProblem,
  isPort,
  labelKeyProblem,
  labelValueProblem,
  MAX_LABELS,
  type NodeMetadata,
} from '../base/metadata.ts';
import { err, ok, type Result } from '../base/result.ts';
import { forLog } from './refusal.ts';

/** The port of a member that does not tell one: the default of the setting (interfaces, section 1). */
const DEFAULT_API_PORT = 443;

/** Why metadata do not decode. */
export interface MetadataError {
  readonly code: 'malformed' | 'endpoint_invalid' | 'port_invalid' | 'labels_invalid' | 'too_many_labels';
  /** One line of printable text, safe to log. */
  readonly detail: string;
}

const encoder = new Encoder({ sortKeys: true });

// The decoder reserves memory for an array before it has seen one item of it. Only extensions that we do not know hold arrays.
const decoder = new Decoder({ maxArrayLength: 64 });

/**
 * Writes metadata as a MessagePack map. Labels go in the order of their keys, so that equal metadata are equal bytes. It does not
 * check them, and 64 long labels can take more than `maxMetadataBytes`.
 */
export function encodeMetadata(metadata: NodeMetadata): Uint8Array {
  const { apiEndpoint, apiPort, labels } = metadata;
  return encoder.encode({ apiEndpoint, apiPort, labels });
}

/**
 * Reads metadata, by value: other languages write the same numbers in other widths. Keys that are not known are ignored. A key
 * that is missing or nil gives an empty endpoint, port 443 or no labels. Never throws, whatever the bytes are.
 *
 * @returns labels in an object without a prototype, since `toString` is a lawful key
 */
export function decodeMetadata(bytes: Uint8Array): Result<NodeMetadata, MetadataError> {
  let content: unknown;
  try {
    content = decoder.decode(bytes);
  } catch (error) {
    return refuse('malformed', error instanceof Error ? error.message : String(error));
  }
  if (!isMap(content)) return refuse('malformed', 'not a map');
  const apiEndpoint = content['apiEndpoint'] ?? '';
  if (typeof apiEndpoint !== 'string') return refuse('endpoint_invalid', 'apiEndpoint is not a text');
  const problem = endpointProblem(apiEndpoint);
  if (problem !== undefined) return refuse('endpoint_invalid', `apiEndpoint ${problem}`);
  const apiPort = content['apiPort'] ?? DEFAULT_API_PORT;
  if (typeof apiPort !== 'number' || !isPort(apiPort)) {
    return refuse('port_invalid', 'apiPort is not a number from 1 to 65535');
  }
  const labels = readLabels(content['labels'] ?? {});
  return labels.ok ? ok({ apiEndpoint, apiPort, labels: labels.value }) : labels;
}

const decoded = new WeakMap<Uint8Array, Result<NodeMetadata, MetadataError>>();

/** {@link decodeMetadata} for bytes that never change, as those of a record: the same array is decoded once. */
export function metadataOf(bytes: Uint8Array): Result<NodeMetadata, MetadataError> {
  const known = decoded.get(bytes);
  if (known !== undefined) return known;
  const result = decodeMetadata(bytes);
  decoded.set(bytes, result);
  return result;
}

function readLabels(content: unknown): Result<NodeMetadata['labels'], MetadataError> {
  if (!isMap(content)) return refuse('labels_invalid', 'labels are not a map');
  const entries = Object.entries(content);
  if (entries.length > MAX_LABELS)
    return refuse('too_many_labels', `${entries.length} labels, more than ${MAX_LABELS}`);
  const labels: Record<string, string> = Object.create(null);
  for (const [key, value] of entries) {
    if (typeof value !== 'string') return refuse('labels_invalid', `the label ${forLog(key)} is not a text`);
    const problem = labelKeyProblem(key) ?? labelValueProblem(value);
    if (problem !== undefined) return refuse('labels_invalid', `the label ${forLog(key)} ${problem}`);
    labels[key] = value;
  }
  return ok(labels);
}

/** Tells a MessagePack map from everything else that decodes to an object. */
function isMap(content: unknown): content is Readonly<Record<string, unknown>> {
  return typeof content === 'object' && content !== null && Object.getPrototypeOf(content) === Object.prototype;
}

function refuse(code: MetadataError['code'], detail: string): Result<never, MetadataError> {
  return err({ code, detail: forLog(detail) });
}
