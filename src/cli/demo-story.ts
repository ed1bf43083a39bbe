import { stateIn, type View, witnesses } from './demo-view.ts';

type Say = (cluster: string, at: number, text: string) => void;

const UNLISTED = 'listed no more';

/** What somebody did to a cluster, and when (monotonic, in milliseconds). */
interface Deed {
  readonly name: string;
  readonly at: number;
}

/** Who is first is told only when the others take longer than this: agents are asked one after the other, not at one moment. */
const TOGETHER_MS = 400;

/** What is new about a cluster: since when one tells it, or that all do. */
interface Word {
  readonly value: string;
  readonly at: number;
  /** Who told it first; absent when all do. */
  readonly first?: string;
}

/** What one cluster is told to be like by all others, as far as it was told to people. */
class Rumour {
  /** What all agree on; absent until they first do. */
  agreed: string | undefined;
  /** What some tell, since when, who did first, and whether that was told. */
  readonly #heard = new Map<string, Word & { told: boolean }>();

  /** @param said what each witness tells, by its name */
  hear(said: ReadonlyMap<string, string>, now: number): Word | undefined {
    const [only, ...others] = new Set(said.values());
    if (only === undefined) return undefined;
    if (others.length === 0) return this.#agree(only, now);
    for (const [first, value] of said) {
      if (this.agreed === undefined || value === this.agreed) continue;
      const heard = this.#heard.get(value) ?? { first, value, at: now, told: false };
      this.#heard.set(value, heard);
      if (heard.told || now - heard.at < TOGETHER_MS) continue;
      heard.told = true;
      return heard;
    }
    return undefined;
  }

  #agree(value: string, now: number): Word | undefined {
    // Nobody is missed who was never there.
    if (this.agreed === undefined && value === UNLISTED) return undefined;
    const isNew = this.agreed !== undefined && this.agreed !== value;
    this.agreed = value;
    this.#heard.clear();
    return isNew ? { value, at: now } : undefined;
  }
}

/**
 * Tells in sentences what the mesh notices of what was done to its members: who notices first, when all have, and how long after the
 * deed that was.
 */
export class DemoStory {
  readonly #deeds = new Map<string, Deed>();
  readonly #states = new Map<string, Rumour>();
  readonly #tiers = new Map<string, Rumour>();
  /** Those that could not tell of the others for a while, until they tell the same again. */
  readonly #away = new Set<string>();

  /**
   * Notes that something was done to a cluster.
   *
   * @param name of the deed, as in `4.9 s after the kill`
   * @param at the monotonic time in milliseconds
   */
  did(cluster: string, name: string, at: number): void {
    this.#deeds.set(cluster, { name, at });
  }

  /** Takes in how things look now, and gives the sentences that are new. */
  saw(views: readonly View[], now: number): string[] {
    const able = witnesses(views);
    for (const view of views) if (!able.includes(view)) this.#away.add(view.cluster.name);
    const lines: string[] = [];
    const say: Say = (cluster, at, text) => {
      lines.push(`${this.#since(cluster, at)}${text}`);
    };
    const present = able.filter(({ cluster }) => !this.#away.has(cluster.name));
    for (const { cluster } of views) {
      const others = present.filter((view) => view.cluster.name !== cluster.name);
      this.#tell(cluster.name, others, now, say);
    }
    for (const view of able) this.#welcome(view, now, say);
    return lines;
  }

  #tell(name: string, others: readonly View[], now: number, say: Say): void {
    const all = others.length > 1 ? 'everywhere' : `at ${others[0]?.cluster.name}`;
    const states = new Map(others.map((view) => [view.cluster.name, stateIn(view, name) ?? UNLISTED]));
    const state = rumourOf(this.#states, name).hear(states, now);
    if (state?.first !== undefined) say(name, state.at, `${state.first} says that ${name} is ${state.value}`);
    else if (state !== undefined) say(name, state.at, `${name} is ${state.value} ${all}`);
    const tier = rumourOf(this.#tiers, name).hear(tiersOf(name, others), now);
    if (tier?.first !== undefined) say(name, tier.at, `${tier.first} knows that ${name} has tier=${tier.value}`);
    else if (tier !== undefined) say(name, tier.at, `${name} has tier=${tier.value} ${all}`);
  }

  /** Counts a witness again when it tells of everybody what all others do. */
  #welcome(view: View, now: number, say: Say): void {
    const { name } = view.cluster;
    if (!this.#away.has(name)) return;
    const others = [...this.#states].filter(([other, { agreed }]) => other !== name && agreed !== undefined);
    const agrees = others.every(([other, { agreed }]) => (stateIn(view, other) ?? UNLISTED) === agreed);
    if (!agrees || view.members.length === 0) return;
    this.#away.delete(name);
    if (this.#deeds.has(name)) say(name, now, `${name} shows what the others show`);
  }

  #since(cluster: string, at: number): string {
    const deed = this.#deeds.get(cluster);
    return deed === undefined ? '' : `${((at - deed.at) / 1_000).toFixed(1)} s after the ${deed.name}: `;
  }
}

function rumourOf(rumours: Map<string, Rumour>, name: string): Rumour {
  const rumour = rumours.get(name) ?? new Rumour();
  rumours.set(name, rumour);
  return rumour;
}

/** The tier that each witness knows a cluster to have; those that do not list it tell nothing. */
function tiersOf(name: string, others: readonly View[]): ReadonlyMap<string, string> {
  return new Map(
    others.flatMap(({ cluster, members }): [string, string][] => {
      const tier = members.find(({ id }) => id === name)?.state.labels['tier'];
      return tier === undefined ? [] : [[cluster.name, tier]];
    }),
  );
}
