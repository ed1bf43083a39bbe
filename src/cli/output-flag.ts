import { err, ok, type Result } from '../base/result.ts';
import { quote } from '../config/text.ts';

/**
 * Reads the value of `--output`.
 *
 * @param forms that the command has; the first one is its default
 * @returns the form, or one line that says what is wrong, safe to print
 */
export function parseOutput<Form extends string>(
  given: string | undefined,
  forms: readonly [Form, ...Form[]],
): Result<Form, string> {
  if (given === undefined) return ok(forms[0]);
  const form = forms.find((known) => known === given);
  return form === undefined ? err(`--output: must be one of ${forms.join(', ')}, got ${quote(given)}`) : ok(form);
}
