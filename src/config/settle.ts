import { err, ok, type Result } from '../base/result.ts';
import type { Quote } from './kind.ts';
import type { Layer } from './layer.ts';
import type { ConfigProblem } from './problem.ts';
import type { Host, Setting } from './setting.ts';
import type { Source } from './source.ts';
import { quote } from './text.ts';

/** What a setting came to. */
export interface Settled {
  readonly source: Source;
  /** Absent when there is no default, or when the default follows from another setting. */
  readonly value?: unknown;
}

/**
 * Finds a setting's value: the first layer that gives one wins, and the default stands behind them all. A value is taken whole:
 * the labels of one layer are not mixed with those of another. What the other layers give is checked too, so that a mistake does
 * not wait there for the day when it is no longer covered.
 *
 * @param layers - strongest first
 */
export function settle(
  setting: Setting,
  layers: readonly Layer[],
  host: Host,
): Result<Settled, readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  let settled: Settled | undefined;
  for (const { given } of layers) {
    const one = given.get(setting.key);
    if (one === undefined) continue;
    const read = one.texts === undefined ? undefined : setting.kind.read(one.texts, quoteFor(setting));
    if (read?.ok === false) problems.push(...read.error);
    settled ??= { source: one.source, value: read?.ok === true ? read.value : undefined };
  }
  if (problems.length > 0) return err(problems);
  return settled === undefined ? settleDefault(setting, host) : ok(settled);
}

function settleDefault(setting: Setting, host: Host): Result<Settled, readonly ConfigProblem[]> {
  const source: Source = { kind: 'default' };
  const { standard, kind } = setting;
  if (standard === undefined) return ok({ source });
  const isEmptyCollection = standard === '' && (kind.shape === 'list' || kind.shape === 'map');
  const text = typeof standard === 'string' ? { at: setting.flag, text: standard } : standard(host);
  const read = kind.read(isEmptyCollection ? [] : [text], quoteFor(setting));
  if (read.ok) return ok({ source, value: read.value });
  return err(
    read.error.map(({ code, source, message }) => ({ code, source, message: `${message}; set ${setting.flag}` })),
  );
}

function quoteFor(setting: Setting): Quote {
  return setting.secret === true ? () => 'a value that is not shown' : quote;
}
