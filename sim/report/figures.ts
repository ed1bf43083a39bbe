import type { DetectionData, Discovery, Episode, MistakeData, RunData } from '../measure/run-data.ts';
import { type Summary, summarize } from '../measure/summary.ts';
import { bytes, figures, time, whole } from './format.ts';

/** One line of the figures of a run: what is measured, and its median, 99th percentile and maximum where there are such. */
export interface Line {
  readonly what: string;
  /** Null: there is nothing of it in this run. */
  readonly numbers: { readonly median: number; readonly p99?: number; readonly max?: number } | null;
  readonly show: (number: number) => string;
  /** The numbers are times: cycles can be told too. */
  readonly timed: boolean;
  /** The node with which it was worst, or what else there is to say. */
  readonly note: string;
}

/** The figures of one run. All runs have the same lines in the same order. */
export function linesOf(run: RunData): readonly Line[] {
  const { convergence, updates, detections, falseSuspicions, falseDeaths, traffic } = run;
  const starts = convergence.start === null ? [] : [convergence.start];
  const complete = updates.filter(({ missed, spread }) => missed === 0 && spread !== null);
  return [
    timeLine('last start until all agree', summarize(tooks(starts)), unended(starts)),
    timeLine('heal until all agree', summarize(tooks(convergence.heals)), unended(convergence.heals)),
    numberLine('updates', some(updates), whole, ''),
    timeLine('an update reaches a node', pooled(updates.map(({ heardMs, spread }) => [heardMs, spread])), lastOf(run)),
    timeLine(
      'an update reaches all nodes',
      summarize(complete.map(({ spread }) => spread?.max ?? 0)),
      missedUpdates(run),
    ),
    numberLine('crashes', some(detections), whole, ''),
    timeLine(
      'a crash until suspected',
      pooled(detections.map(({ suspected }) => [suspected.afterMs, suspected.summary])),
      missedCrashes(detections, 'suspected'),
    ),
    timeLine(
      'a crash until shown dead',
      pooled(detections.map(({ dead }) => [dead.afterMs, dead.summary])),
      missedCrashes(detections, 'dead'),
    ),
    countLine('false suspicions', falseSuspicions),
    rateLine('false suspicions per node and hour', falseSuspicions),
    countLine('false deaths', falseDeaths),
    rateLine('false deaths per node and hour', falseDeaths),
    numberLine('messages per node and second', traffic.messagesPerNodeSecond, figures, ''),
    numberLine(
      'bytes per node and second',
      traffic.bytesPerNodeSecond,
      bytes,
      traffic.worst === null ? '' : `${traffic.worst.name} sent most: ${bytes(traffic.worst.bytesPerSecond)}`,
    ),
    numberLine('largest message', traffic.largestMessage, bytes, ''),
  ];
}

function timeLine(what: string, times: Summary | null, note: string): Line {
  // Of a single number there is nothing more to say.
  const numbers = times?.count === 1 ? { median: times.median } : times;
  return { what, numbers, show: time, timed: true, note };
}

function numberLine(what: string, number: number | null, show: Line['show'], note: string): Line {
  return { what, numbers: number === null ? null : { median: number }, show, timed: false, note };
}

function countLine(what: string, { count, cutOff, worstObserver, worstMember }: MistakeData): Line {
  const cut = cutOff === 0 ? [] : [`${whole(cutOff)} across a cut`];
  const by = worstObserver === null ? [] : [`most by ${worstObserver.name} (${whole(worstObserver.count)})`];
  const of = worstMember === null ? [] : [`of ${worstMember.name} (${whole(worstMember.count)})`];
  return numberLine(what, count, whole, [...cut, ...by, ...of].join(', '));
}

function rateLine(what: string, { perNodeHour, cutOff }: MistakeData): Line {
  return numberLine(what, perNodeHour, figures, cutOff === 0 ? '' : 'without those across a cut');
}

function tooks(episodes: readonly Episode[]): readonly number[] {
  return episodes.map(({ tookMs }) => tookMs).filter((took) => took !== null);
}

/** All single times together; where only summaries were kept, the medians of medians, and the greatest. */
function pooled(parts: readonly (readonly [readonly number[], Summary | null])[]): Summary | null {
  const summaries = parts.map(([, summary]) => summary).filter((summary) => summary !== null);
  const times = parts.flatMap(([single]) => single);
  const expected = summaries.reduce((sum, { count }) => sum + count, 0);
  if (times.length === expected) return summarize(times);
  const medians = summarize(summaries.map(({ median }) => median));
  const worst = Math.max(...summaries.map(({ p99 }) => p99));
  return medians && { ...medians, count: expected, p99: worst, max: Math.max(...summaries.map(({ max }) => max)) };
}

function unended(episodes: readonly Episode[]): string {
  const count = episodes.filter(({ tookMs }) => tookMs === null).length;
  return count === 0 ? '' : `${count} of ${episodes.length} never`;
}

function lastOf({ updates }: RunData): string {
  let slowest = updates[0];
  for (const update of updates) if ((update.spread?.max ?? 0) > (slowest?.spread?.max ?? 0)) slowest = update;
  return slowest === undefined || slowest.last === null ? '' : `${slowest.last} was last`;
}

function missedUpdates({ updates }: RunData): string {
  const missed = updates.filter((update) => update.missed > 0).length;
  return missed === 0 ? '' : `${whole(missed)} of ${whole(updates.length)} did not`;
}

/** What observers missed, or who was last to see a crash. */
function missedCrashes(detections: readonly DetectionData[], state: 'suspected' | 'dead'): string {
  const missed = detections.reduce((sum, detection) => sum + detection[state].missed, 0);
  const observers = detections.reduce((sum, detection) => sum + detection.observers, 0);
  if (missed > 0) return `${whole(missed)} of ${whole(observers)} times not at all`;
  let slowest: Discovery | undefined;
  for (const detection of detections) {
    if ((detection[state].summary?.max ?? 0) > (slowest?.summary?.max ?? 0)) slowest = detection[state];
  }
  return slowest === undefined || slowest.last === null ? '' : `${slowest.last} was last`;
}

/** How many there were; null for none. */
function some(things: readonly unknown[]): number | null {
  return things.length === 0 ? null : things.length;
}
