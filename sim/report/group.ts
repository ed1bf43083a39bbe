import type { RunData } from '../measure/run-data.ts';

/** Runs that differ in their seed only. */
export interface Group {
  readonly title: string;
  readonly runs: readonly [RunData, ...RunData[]];
}

/** Puts the runs together that differ in their seed only, in the order of the first of each. */
export function groupsOf(runs: readonly RunData[]): readonly Group[] {
  const groups = new Map<string, [RunData, ...RunData[]]>();
  for (const run of runs) {
    const key = JSON.stringify([run.scenario, run.nodes, run.protocol, run.network.name]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()].map((group) => ({ title: titleOf(group[0]), runs: group }));
}

function titleOf({ scenario, nodes }: RunData): string {
  return `${scenario === '' ? 'Run' : scenario}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`;
}
