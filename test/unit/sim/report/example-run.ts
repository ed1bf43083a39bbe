import type { RunData } from '../../../../sim/measure/run-data.ts';

/** A run of three nodes with a bit of everything. */
export function exampleRun(changes: Partial<RunData> = {}): RunData {
  return {
    scenario: 'crash',
    seed: 1,
    nodes: 3,
    members: ['n0', 'n10', 'n2'],
    protocol: {
      gossipFactor: 3,
      gossipIntervalMs: 500,
      stalenessThreshold: 5,
      deadThreshold: 10,
      deadRetentionMs: 60_000,
    },
    network: { name: 'lan', hopMs: 0.5 },
    durationMs: 20_000,
    nodeHours: 0.015,
    traceHash: '0123456789abcdef',
    events: 12_345,
    incidents: [
      { at: 0, kind: 'start', host: 'n0' },
      { at: 10_000, kind: 'crash', host: 'n2' },
      { at: 12_000, kind: 'network', host: null },
      { at: 15_000, kind: 'heal', host: null },
    ],
    updates: [
      {
        member: 'n0',
        kind: 'relabel',
        at: 5_000,
        audience: 2,
        missed: 0,
        heardMs: [100, 400],
        spread: { count: 2, median: 100, p99: 400, max: 400 },
        last: 'n2',
      },
    ],
    convergence: { start: { at: 0, live: 3, tookMs: 750 }, heals: [{ at: 15_000, live: 2, tookMs: null }] },
    detections: [
      {
        member: 'n2',
        at: 10_000,
        returnedMs: null,
        observers: 2,
        suspected: {
          missed: 0,
          afterMs: [2_600, 2_900],
          summary: { count: 2, median: 2_600, p99: 2_900, max: 2_900 },
          last: 'n10',
        },
        dead: { missed: 1, afterMs: [5_200], summary: { count: 1, median: 5_200, p99: 5_200, max: 5_200 }, last: 'n0' },
      },
    ],
    falseSuspicions: {
      count: 4,
      cutOff: 1,
      perNodeHour: 200,
      worstObserver: { name: 'n0', count: 3 },
      worstMember: { name: 'n10', count: 4 },
    },
    falseDeaths: { count: 0, cutOff: 0, perNodeHour: 0, worstObserver: null, worstMember: null },
    traffic: {
      messagesPerNodeSecond: 6.1,
      bytesPerNodeSecond: 1_234,
      worst: { name: 'n0', bytesPerSecond: 2_345 },
      largestMessage: 987,
      messages: [6, 6.2],
      bytes: [1_200, 1_268],
    },
    states: {
      bucketMs: 250,
      buckets: 80,
      members: [
        [[0, 1, 0, 0]],
        [[0, 1, 0, 0]],
        [
          [0, 1, 0, 0],
          [50, 0, 1, 0],
          [62, 0, 0.5, 0.5],
        ],
      ],
    },
    ...changes,
  };
}
