import { printable } from '../../src/config/text.ts';
import type { RecordingHeader } from '../../src/wire/recording.ts';
import { isJsonObject, type Json } from '../../src/wire/recording-json.ts';
import type { OutcomeDifference, ReplayOutcome } from './replay.ts';

/** Most characters of a value that are shown. */
const SHOWN = 400;

/** Says for people how a replay went: one line, or a few for a difference. With a line break at the end. */
export function describeOutcome(outcome: ReplayOutcome): string {
  switch (outcome.kind) {
    case 'same':
      return describeSame(outcome);
    case 'different':
      return describeDifferent(outcome);
    case 'damaged':
      return `line ${grouped(outcome.line)} ${printable(outcome.problem)}\n`;
  }
}

function describeSame({ inputs, duration, cutOff, threw }: ReplayOutcome & { kind: 'same' }): string {
  const counted = `${grouped(inputs)} ${inputs === 1 ? 'input' : 'inputs'}`;
  const notes = [
    ...(threw === undefined ? [] : [`at the last input the core threw, as it was recorded: ${shown(threw)}`]),
    ...(cutOff ? ['the recording is cut off in its last line, which was left out'] : []),
  ];
  const first = `replayed ${counted} over ${(duration / 1_000).toFixed(1)} s: all effects the same`;
  return `${[first, ...notes].join('\n  ')}\n`;
}

function describeDifferent({ header, line, input, at, difference }: ReplayOutcome & { kind: 'different' }): string {
  const place = `line ${grouped(line)}: input ${grouped(line - 1)} (${input}), ${(at / 1_000).toFixed(3)} s after the start`;
  return `${[`${place}: ${verdict(difference)}`, ...detail(difference), origin(header)].join('\n  ')}\n`;
}

function verdict(difference: OutcomeDifference): string {
  if (difference.kind === 'threw') return 'the core does not end as recorded';
  const { index, recorded, replayed } = difference;
  const name = `effect ${index + 1} (${kindOf(recorded ?? replayed)})`;
  if (replayed === undefined) return `${name} was recorded and does not come again`;
  if (recorded === undefined) return `${name} comes now and was not recorded`;
  return `${name} is not the same`;
}

function detail(difference: OutcomeDifference): string[] {
  if (difference.kind === 'threw') return sides(difference.recorded ?? 'no error', difference.replayed ?? 'no error');
  const { path, expected, actual } = difference.difference;
  return [
    ...(path.length === 0 ? [] : [`at       ${printable(pathText(path))}`]),
    ...sides(text(expected), text(actual)),
  ];
}

function sides(recorded: string, replayed: string): string[] {
  return [`recorded ${shown(recorded)}`, `replayed ${shown(replayed)}`];
}

function origin({ musterVersion, nodeVersion, seed }: RecordingHeader): string {
  return printable(`recorded by Muster ${musterVersion} on Node.js ${nodeVersion}, seed ${seed}`);
}

/** An effect's kind; of an event, which one it is. */
function kindOf(effect: Json | undefined): string {
  if (!isJsonObject(effect)) return 'unknown';
  const inner = effect['event'];
  const kinds = [effect['kind'], ...(isJsonObject(inner) ? [inner['kind']] : [])];
  return printable(kinds.filter((kind) => typeof kind === 'string').join(' '));
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
}

function text(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function shown(value: string): string {
  const characters = Array.from(printable(value.slice(0, 2 * SHOWN)));
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN).join('')}…` : characters.join('');
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
