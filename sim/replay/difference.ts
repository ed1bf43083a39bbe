import { isJsonObject, type Json, type JsonObject } from '../../src/wire/recording-json.ts';

/** The first place where two values are not the same. On a side where there is nothing, the value is absent. */
export interface Difference {
  /** The fields and indices that lead there. */
  readonly path: readonly (string | number)[];
  readonly expected?: Json;
  readonly actual?: Json;
}

/**
 * Looks for the first difference, in the order of the expected value. The order of an object's fields says nothing and does not
 * count; everything else does, to the last bit of a number.
 *
 * @returns undefined when the two say the same
 */
export function firstDifference(expected: Json, actual: Json): Difference | undefined {
  return compare(expected, actual, []);
}

function compare(
  expected: Json | undefined,
  actual: Json | undefined,
  path: Difference['path'],
): Difference | undefined {
  if (expected === actual) return undefined;
  if (isList(expected) && isList(actual)) {
    for (let index = 0; index < Math.max(expected.length, actual.length); index += 1) {
      const found = compare(expected[index], actual[index], [...path, index]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isJsonObject(expected) && isJsonObject(actual)) {
    for (const field of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const found = compare(own(expected, field), own(actual, field), [...path, field]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return { path, ...(expected === undefined ? {} : { expected }), ...(actual === undefined ? {} : { actual }) };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function own(object: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}
