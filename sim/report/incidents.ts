import type { Incident, RunData } from '../measure/run-data.ts';

/** What happened at about one time, in few words. */
export interface Happening {
  /** Seconds of virtual time. */
  readonly at: number;
  readonly text: string;
}

const NAMES: Readonly<Record<Incident['kind'], readonly [one: string, more: string]>> = {
  start: ['start', 'starts'],
  restart: ['restart', 'restarts'],
  crash: ['crash', 'crashes'],
  leave: ['leave', 'leaves'],
  pause: ['pause', 'pauses'],
  resume: ['resume', 'resumes'],
  network: ['network disturbed', 'network disturbed'],
  heal: ['network whole', 'network whole'],
};

/** What was done to the mesh after it had formed; things that are closer together than a hundredth of the run are told together. */
export function happenings({ incidents, durationMs, convergence }: RunData): readonly Happening[] {
  const clusters: Incident[][] = [];
  const firstAgreed = firstStartsUntil(incidents, convergence.start?.at ?? 0);
  const told = incidents.filter(({ kind, at }) => kind !== 'start' || at > firstAgreed).toSorted((a, b) => a.at - b.at);
  for (const incident of told) {
    const cluster = clusters.at(-1);
    const begun = cluster?.[0]?.at;
    if (cluster !== undefined && begun !== undefined && incident.at - begun < durationMs / 100) cluster.push(incident);
    else clusters.push([incident]);
  }
  return clusters.map((cluster) => ({ at: (cluster[0]?.at ?? 0) / 1_000, text: textOf(cluster) }));
}

/** The starts that form the mesh are those without a longer pause between them. */
function firstStartsUntil(incidents: readonly Incident[], last: number): number {
  const PAUSE = 5_000;
  let until = Number.NEGATIVE_INFINITY;
  for (const { kind, at } of incidents) {
    if (kind !== 'start' || at > last) continue;
    if (until !== Number.NEGATIVE_INFINITY && at - until > PAUSE) break;
    until = at;
  }
  return until;
}

function textOf(cluster: readonly Incident[]): string {
  const byKind = new Map<Incident['kind'], Incident[]>();
  for (const incident of cluster) byKind.set(incident.kind, [...(byKind.get(incident.kind) ?? []), incident]);
  return [...byKind]
    .map(([kind, incidents]) => {
      const [one, more] = NAMES[kind];
      if (incidents.length > 1) return incidents[0]?.host === null ? more : `${incidents.length} ${more}`;
      const host = incidents[0]?.host ?? null;
      return host === null ? one : `${one} ${host}`;
    })
    .join(', ');
}
