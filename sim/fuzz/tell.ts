import type { Timed } from '../faults/action.ts';
import type { FuzzCase } from './case.ts';

/** A case as a person reads it: the mesh in a line, then what befalls it, by time. */
export function tellCase(fuzzCase: FuzzCase): readonly string[] {
  const { nodes, latency, bootstraps, drift, startSpread, deadRetention, maxDeltaBytes, seed, actions } = fuzzCase;
  return [
    `  ${nodes} nodes (${latency}), ${bootstraps} of them bootstrap nodes, started within ${startSpread} ms, clocks within ${drift} ppm,`,
    `  deadRetention ${deadRetention} ms, maxDeltaBytes ${maxDeltaBytes}, world seed ${seed}`,
    ...actions.map(tellAction),
  ];
}

function tellAction({ at, action }: Timed): string {
  const { kind, ...details } = action;
  const told = Object.entries(details).map(
    ([name, value]: readonly [string, unknown]) => `${name}=${tellValue(value)}`,
  );
  return `  at ${(at / 1_000).toFixed(3)} s: ${[kind, ...told].join(' ')}`;
}

function tellValue(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((one: unknown) => (Array.isArray(one) ? `{${one.join(' ')}}` : String(one))).join(',') || 'all';
}
