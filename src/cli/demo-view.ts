import type { DemoCluster } from './demo-clusters.ts';
import type { ProcessState } from './demo-node.ts';
import type { ListedMember } from './memberlist-client.ts';
import { type ShownState, shownState, stateStyle } from './members-table.ts';
import { type Cell, type Column, renderTable, type Style } from './table.ts';

/** What one agent shows at the moment. */
export interface View {
  readonly cluster: DemoCluster;
  readonly process: ProcessState;
  /** Whether the demo keeps it from calling others, and others from calling it. */
  readonly isCut: boolean;
  readonly condition: 'asked' | 'answers' | 'silent' | 'ended';
  /** As it was shown last; empty before the first answer. */
  readonly members: readonly ListedMember[];
}

/** From best to worst. */
const ORDER: readonly ShownState[] = ['HEALTHY', 'SUSPECTED_DEAD', 'DEAD', 'LEFT'];

/** Tells whether every agent answers and shows as many HEALTHY members as there are agents. */
export function allSeeAll(views: readonly View[]): boolean {
  return views.every(
    ({ condition, members }) =>
      condition === 'answers' && members.filter((member) => member.peerState === 'HEALTHY').length === views.length,
  );
}

/** What an agent shows, in words: `4 HEALTHY, 1 SUSPECTED_DEAD (prod-us-east)`. Who is not healthy is named. */
export function viewText({ condition, members }: View): string {
  if (condition === 'ended') return 'has ended';
  if (condition === 'silent') return 'does not answer';
  if (condition === 'asked') return 'is asked';
  const groups = ORDER.map((state) => ({ state, names: namesIn(state, members) })).filter(
    ({ names }) => names.length > 0,
  );
  const words = groups.map(({ state, names }) =>
    state === 'HEALTHY' ? `${names.length} HEALTHY` : `${names.length} ${state} (${names.join(', ')})`,
  );
  return `shows ${words.join(', ')}`;
}

/** Who tells of the others: agents that answer, and are neither paused nor cut off. */
export function witnesses(views: readonly View[]): readonly View[] {
  return views.filter(({ condition, process, isCut }) => condition === 'answers' && process === 'running' && !isCut);
}

/** How an agent shows a member; undefined where it does not list it. */
export function stateIn(view: View, name: string): ShownState | undefined {
  const member = view.members.find(({ id }) => id === name);
  return member === undefined ? undefined : shownState(member);
}

const COLUMNS: readonly Column[] = [
  { title: '    CLUSTER', least: 16 },
  { title: 'REGION', least: 8 },
  { title: 'TIER', least: 4 },
  { title: 'PROCESS' },
  // As wide as the longest state, so that nothing moves when somebody is suspected.
  { title: 'OTHERS SAY'.padEnd('SUSPECTED_DEAD'.length), least: 14 },
  { title: 'ITS PAGE SHOWS', least: 16 },
];

/**
 * The whole fleet as a table: what was done to each cluster, how the others show it, and what its own agent shows.
 *
 * @param chosen the place of the cluster that keys act on
 */
export function demoTable(
  views: readonly View[],
  options: { readonly width?: number | undefined; readonly color: boolean; readonly chosen: number },
): string[] {
  const all = witnesses(views);
  const digits = String(views.length).length;
  const rows = views.map((view, at): Cell[] => {
    const { name } = view.cluster;
    const labels = labelsOf(view, all);
    const isChosen = at === options.chosen;
    return [
      {
        text: `${isChosen ? '▸' : ' '} ${String(at + 1).padStart(digits)} ${name}`,
        ...(isChosen ? { style: 'title' } : {}),
      },
      { text: labels['region'] ?? '' },
      { text: labels['tier'] ?? '' },
      processCell(view),
      stateCell(
        name,
        all.filter(({ cluster }) => cluster.name !== name),
      ),
      showsCell(view, views.length),
    ];
  });
  return renderTable(COLUMNS, rows, options);
}

/** What a cluster tells of itself, as another shows it; as its agent was started, where nobody shows it. */
function labelsOf({ cluster }: View, all: readonly View[]): Readonly<Record<string, string>> {
  for (const { members } of all) {
    const member = members.find(({ id }) => id === cluster.name);
    if (member !== undefined) return member.state.labels;
  }
  return cluster.labels;
}

function processCell({ process, isCut }: View): Cell {
  if (process === 'running' && !isCut) return { text: 'running' };
  const words = [...(process === 'running' ? [] : [process]), ...(isCut ? ['cut off'] : [])];
  return { text: words.join(', '), style: process === 'ended' ? 'bad' : 'warning' };
}

/** How others show a member: one state where they agree, else the worst and how many of them say so. */
function stateCell(name: string, others: readonly View[]): Cell {
  const states = others.map((view) => stateIn(view, name) ?? 'not listed');
  const worst = ORDER_OF_NEWS.findLast((state) => states.includes(state));
  if (worst === undefined) return { text: '-', style: 'faint' };
  const count = states.filter((state) => state === worst).length;
  return count === states.length
    ? { text: worst, style: styleOf(worst) }
    : { text: `${worst} ${count}/${states.length}`, style: 'warning' };
}

const ORDER_OF_NEWS = ['not listed', ...ORDER] as const;

function showsCell(view: View, all: number): Cell {
  if (view.condition === 'ended') return { text: '-', style: 'faint' };
  if (view.process === 'paused') return { text: 'does not answer', style: 'bad' };
  if (view.condition === 'silent') return { text: 'does not answer', style: 'bad' };
  if (view.condition === 'asked') return { text: '…', style: 'faint' };
  const groups = ORDER.map((state) => ({ state, count: namesIn(state, view.members).length }));
  const present = groups.filter(({ count }) => count > 0);
  const isWhole = present.every(({ state, count }) => state === 'HEALTHY' && count === all);
  return {
    text: present.map(({ state, count }) => `${count} ${state}`).join(', '),
    style: isWhole ? 'good' : 'warning',
  };
}

function styleOf(state: ShownState | 'not listed'): Style {
  return state === 'not listed' ? 'faint' : stateStyle(state);
}

function namesIn(state: ShownState, members: readonly ListedMember[]): string[] {
  return members.filter((member) => shownState(member) === state).map(({ id }) => id);
}
