import type { DemoCluster } from './demo-clusters.ts';
import type { ListedMember } from './memberlist-client.ts';
import { labelsText, type ShownState, shownState, stateStyle } from './members-table.ts';
import { type Cell, type Column, renderTable, type Style } from './table.ts';

/** What one agent shows at the moment. */
export interface View {
  readonly cluster: DemoCluster;
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

const COLUMNS: readonly Column[] = [
  { title: 'CLUSTER', least: 12 },
  { title: 'STATE' },
  { title: 'ITS PAGE SHOWS', least: 16 },
  { title: 'API ENDPOINT', least: 14 },
  { title: 'LABELS', least: 12 },
];

/** The whole fleet as a table: how the others show each cluster, and what its own agent shows. */
export function demoTable(
  views: readonly View[],
  options: { readonly width?: number | undefined; readonly color: boolean },
): string[] {
  const rows = views.map((view): Cell[] => {
    const { cluster } = view;
    return [
      { text: cluster.name },
      stateOf(cluster.name, views),
      showsCell(view, views.length),
      { text: cluster.apiEndpoint },
      { text: labelsText(cluster.labels) },
    ];
  });
  return renderTable(COLUMNS, rows, options);
}

/** How the agents that answer show a member: one state where they agree, else how many show which. */
function stateOf(name: string, views: readonly View[]): Cell {
  const counts = new Map<ShownState | 'unknown', number>();
  for (const { condition, members } of views) {
    if (condition !== 'answers') continue;
    const member = members.find(({ id }) => id === name);
    const state = member === undefined ? 'unknown' : shownState(member);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const shown = [...ORDER, 'unknown' as const].filter((state) => counts.has(state));
  const [only, ...others] = shown;
  if (only === undefined) return { text: '-' };
  if (others.length === 0) return { text: only, style: styleOf(only) };
  return { text: shown.map((state) => `${counts.get(state)} ${state}`).join(' '), style: 'warning' };
}

function showsCell(view: View, all: number): Cell {
  if (view.condition === 'ended') return { text: 'ended', style: 'faint' };
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

function styleOf(state: ShownState | 'unknown'): Style {
  return state === 'unknown' ? 'faint' : stateStyle(state);
}

function namesIn(state: ShownState, members: readonly ListedMember[]): string[] {
  return members.filter((member) => shownState(member) === state).map(({ id }) => id);
}
