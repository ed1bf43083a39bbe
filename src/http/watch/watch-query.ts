import { HttpError } from '../errors.ts';
import { parameter } from '../member-query.ts';

/**
 * Tells whether a query asks to watch.
 *
 * @throws {HttpError} BAD_WATCH when `watch` is neither true nor false
 */
export function asksToWatch(query: unknown): boolean {
  const values = parameter(query, 'watch');
  if (values.length === 0) return false;
  const [value] = values;
  if (values.length > 1 || (value !== 'true' && value !== 'false')) {
    throw new HttpError('BAD_WATCH', 'watch: must be true or false, once');
  }
  return value === 'true';
}
