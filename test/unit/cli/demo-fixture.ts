import { demoClusters } from '../../../src/cli/demo-clusters.ts';
import type { View } from '../../../src/cli/demo-view.ts';
import { listed } from './fixture.ts';

/** How a member is shown otherwise than HEALTHY with its first labels; `null`: not at all. */
export type Shown = Parameters<typeof listed>[1] | null;

/** The views of a fleet in which all see all, for tests to change. */
export function fleetViews(count: number): View[] {
  const clusters = demoClusters(count);
  return clusters.map((cluster) => ({
    cluster,
    process: 'running',
    isCut: false,
    condition: 'answers',
    members: clusters.map(({ name, labels }) => listed(name, { state: { labels } })),
  }));
}

/** The same views, with one member shown otherwise by some of them. */
export function showing(views: readonly View[], by: readonly number[], name: string, shown: Shown): View[] {
  return views.map((view, at) => {
    if (!by.includes(at)) return view;
    const members = view.members.filter(({ id }) => id !== name);
    return { ...view, members: shown === null ? members : [...members, listed(name, shown)] };
  });
}

/** The same views, with one of them changed. */
export function changed(views: readonly View[], at: number, change: Partial<View>): View[] {
  return views.map((view, index) => (index === at ? { ...view, ...change } : view));
}
