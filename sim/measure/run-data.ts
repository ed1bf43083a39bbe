import type { Summary } from './summary.ts';

/**
 * What was measured of one run: plain data that survives JSON. Times are milliseconds of virtual time; a time "after" something counts
 * from that thing. Shares are 0 to 1.
 */
export interface RunData {
  /** The scenario's name; empty when there is none. */
  readonly scenario: string;
  readonly seed: number | null;
  /** Hosts that ever ran a node. */
  readonly nodes: number;
  /** The ids of all members, in the order in which they first ran. */
  readonly members: readonly string[];
  readonly protocol: ProtocolNumbers;
  readonly network: NetworkNumbers;
  readonly durationMs: number;
  /** The time that nodes were live, added up over the nodes. */
  readonly nodeHours: number;
  readonly traceHash: string;
  readonly events: number;
  readonly incidents: readonly Incident[];
  readonly updates: readonly UpdateData[];
  readonly convergence: { readonly start: Episode | null; readonly heals: readonly Episode[] };
  readonly detections: readonly DetectionData[];
  readonly falseSuspicions: MistakeData;
  readonly falseDeaths: MistakeData;
  readonly traffic: TrafficData;
  readonly states: StateData;
}

export interface ProtocolNumbers {
  readonly gossipFactor: number;
  readonly gossipIntervalMs: number;
  readonly stalenessThreshold: number;
  readonly deadThreshold: number;
  readonly deadRetentionMs: number;
}

export interface NetworkNumbers {
  /** The name of the latency model. */
  readonly name: string;
  /** The mean time that a message travels between two hosts of the mesh, when nothing is slow or lost. */
  readonly hopMs: number;
}

/** Something that was done to the mesh. `network`: a cut, loss, slowness; `heal`: the network is whole again. */
export interface Incident {
  readonly at: number;
  readonly kind: 'start' | 'restart' | 'crash' | 'leave' | 'pause' | 'resume' | 'network' | 'heal';
  /** The host that it happened to; null for the network. */
  readonly host: string | null;
}

/** A member's own new version, and how it spread among the nodes that were live when it came into being. */
export interface UpdateData {
  readonly member: string;
  readonly kind: 'relabel' | 'join' | 'restart';
  readonly at: number;
  /** Nodes beside the member that were live then and are live still, or knew before they went. */
  readonly audience: number;
  /** Of these, how many never held this version or a newer one. */
  readonly missed: number;
  /** When each of the others first held it, ms after, ascending. Empty when `spread` is all that was kept. */
  readonly heardMs: readonly number[];
  /** A summary of `heardMs`; null when nobody heard. */
  readonly spread: Summary | null;
  /** The node that held it last. */
  readonly last: string | null;
}

/** From a start or a heal until every live node shows every live node HEALTHY and holds the member's own record of it. */
export interface Episode {
  readonly at: number;
  /** Live nodes when it ended. */
  readonly live: number;
  /** Null: not before the run, or the network's health, ended. */
  readonly tookMs: number | null;
}

/** A crash, and how the nodes that were live then came to know. */
export interface DetectionData {
  readonly member: string;
  readonly at: number;
  /** When the member ran again; null when it did not before all knew. From then on nobody is expected to find out. */
  readonly returnedMs: number | null;
  /** Nodes that showed the member when it crashed, and were live until they knew, the member returned, or the run ended. */
  readonly observers: number;
  readonly suspected: Discovery;
  readonly dead: Discovery;
}

/** When observers first showed a state (or a graver one), ms after the crash. */
export interface Discovery {
  readonly missed: number;
  /** Ascending. Empty when `summary` is all that was kept. */
  readonly afterMs: readonly number[];
  readonly summary: Summary | null;
  /** The node that found out last. */
  readonly last: string | null;
}

/** Times that a live node began to show a live member as something worse than HEALTHY. */
export interface MistakeData {
  readonly count: number;
  /** Of these, how often the network was cut between the two at that moment. */
  readonly cutOff: number;
  /** What no cut explains (`count` less `cutOff`), per node and hour. */
  readonly perNodeHour: number;
  readonly worstObserver: Worst | null;
  readonly worstMember: Worst | null;
}

export interface Worst {
  readonly name: string;
  readonly count: number;
}

export interface TrafficData {
  /** Messages that nodes sent or tried to send, per live node and second. */
  readonly messagesPerNodeSecond: number;
  /** Bytes sent, per live node and second, over the whole run. */
  readonly bytesPerNodeSecond: number;
  /** The node that sent most per second of its life. */
  readonly worst: { readonly name: string; readonly bytesPerSecond: number } | null;
  /** Bytes of the largest message; null when the run was not weighed. */
  readonly largestMessage: number | null;
  /** By the second of the run: messages per live node. */
  readonly messages: readonly number[];
  /** By the second of the run: bytes per live node. */
  readonly bytes: readonly number[];
}

/** How members were shown over time, by the live nodes other than the member. */
export interface StateData {
  readonly bucketMs: number;
  readonly buckets: number;
  /** In the order of `RunData.members`. */
  readonly members: readonly (readonly StateRun[])[];
}

/**
 * From this bucket on, until the next such entry: the share of live nodes that show the member HEALTHY, SUSPECTED_DEAD and DEAD. The rest
 * do not show it.
 */
export type StateRun = readonly [bucket: number, healthy: number, suspected: number, dead: number];
