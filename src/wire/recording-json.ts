import { invariant } from '../base/invariant.ts';

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [field: string]: Json;
}

/** Tells whether a value of JSON is an object. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Any value of the core's inputs and effects as JSON, with nothing lost and nothing added: a map is the list of its pairs in their
 * order, bytes are base64, a field that is undefined is absent. It walks the value itself instead of naming its fields, so a field
 * that a message gains later is recorded too.
 *
 * @throws {InvariantError} for what JSON can not say exactly: a number that is not finite, a function
 */
export function toJson(value: unknown): Json {
  if (typeof value === 'number') {
    invariant(Number.isFinite(value), `${value} is no number of JSON`);
    return value;
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  if (value instanceof Map) return [...value].map((pair) => toJson(pair));
  if (Array.isArray(value)) return value.map((item) => toJson(item));
  invariant(typeof value === 'object', `a ${typeof value} can not be recorded`);
  const fields: { [field: string]: Json } = {};
  for (const [field, inner] of Object.entries(value)) {
    if (inner !== undefined) fields[field] = toJson(inner);
  }
  return fields;
}
