import type { Version } from '../../src/base/brands.ts';
import type { UpdateData } from './run-data.ts';
import { rounded, summarize } from './summary.ts';
import type { Watched } from './watched.ts';

/** So many single times are kept over all updates; of later updates only the summary. */
const KEPT_TIMES = 200_000;

/** An update on its way. */
class Spread {
  readonly speaker: Watched;
  readonly kind: UpdateData['kind'];
  readonly version: Version;
  readonly at: number;
  /** Nodes that were live when it came into being and do not hold it yet. */
  readonly awaited: Set<Watched>;
  readonly heard: number[] = [];
  last: Watched | undefined;

  constructor(speaker: Watched, kind: UpdateData['kind'], version: Version, at: number, awaited: Set<Watched>) {
    this.speaker = speaker;
    this.kind = kind;
    this.version = version;
    this.at = at;
    this.awaited = awaited;
  }
}

/** Follows each new version from its owner to all others. */
export class Updates {
  readonly #all: Spread[] = [];
  /** Those that somebody is yet to hear of, by member. */
  readonly #open = new Map<number, Spread[]>();

  /** A member has spoken at a time. `others`: the live nodes beside it. */
  spoke(speaker: Watched, kind: UpdateData['kind'], version: Version, at: number, others: Iterable<Watched>): void {
    const spread = new Spread(speaker, kind, version, at, new Set(others));
    this.#all.push(spread);
    const open = this.#open.get(speaker.member) ?? [];
    open.push(spread);
    this.#open.set(speaker.member, open);
  }

  /** A node holds this version of a member now: that version and all before it have reached it. */
  held(observer: Watched, member: number, version: Version, at: number): void {
    const open = this.#open.get(member);
    if (open === undefined) return;
    for (const spread of open) {
      if (spread.version > version || !spread.awaited.delete(observer)) continue;
      spread.heard.push(rounded(at - spread.at));
      spread.last = observer;
    }
    this.#close(member, open);
  }

  /** A node's life is over: nothing reaches it any more. */
  ended(observer: Watched): void {
    for (const [member, open] of this.#open) {
      for (const spread of open) spread.awaited.delete(observer);
      this.#close(member, open);
    }
  }

  finish(): readonly UpdateData[] {
    let kept = 0;
    return this.#all.map(({ speaker, kind, at, awaited, heard, last }) => {
      const keep = kept + heard.length <= KEPT_TIMES;
      if (keep) kept += heard.length;
      return {
        member: speaker.host.id,
        kind,
        at: rounded(at),
        audience: heard.length + awaited.size,
        missed: awaited.size,
        heardMs: keep ? heard : [],
        spread: summarize(heard),
        last: last?.host.name ?? null,
      };
    });
  }

  #close(member: number, open: readonly Spread[]): void {
    if (!open.some(({ awaited }) => awaited.size === 0)) return;
    const rest = open.filter(({ awaited }) => awaited.size > 0);
    if (rest.length > 0) this.#open.set(member, rest);
    else this.#open.delete(member);
  }
}
