import type { Standing } from '../../gossip/view.ts';
import type { MembershipPort, ShownMember } from '../port.ts';
import { countStates, gravity, troubleOf } from './member-state.ts';

/** Members that are named in a sentence; of more it tells the number. */
const MAX_NAMED = 3;

/** Something that one should know before trusting the list: what is so, and what to do about it. */
export interface Notice {
  readonly what: string;
  readonly advice: string;
}

/** The mesh in one sentence, one more about what is not as it should be, and the members that it is about. */
export interface Headline {
  readonly sentence: string;
  readonly detail: string;
  /** Ids, when they are few enough to be read. */
  readonly named: readonly string[];
}

export function headline(members: readonly ShownMember[], { isolated }: Standing): Headline {
  const { HEALTHY: healthy } = countStates(members);
  if (isolated) {
    const detail = 'What stands below is what this node knew last.';
    return { sentence: 'Out of contact with all others.', detail, named: [] };
  }
  if (members.length === 1 && healthy === 1) {
    return { sentence: 'No other cluster yet.', detail: 'This node is the only member of its mesh.', named: [] };
  }
  const troubled = members.filter(({ state }) => state !== 'HEALTHY');
  if (troubled.length === 0) {
    return { sentence: `All ${members.length} clusters are healthy.`, detail: reachSentence(members), named: [] };
  }
  return {
    sentence: `${healthy} of ${members.length} clusters are healthy.`,
    detail: capitalised(troubleOf(members)),
    named: troubled.length <= MAX_NAMED ? troubled.toSorted((a, b) => gravity(b) - gravity(a)).map(({ id }) => id) : [],
  };
}

function reachSentence(members: readonly ShownMember[]): string {
  const indirect = members.filter(({ isLocal, reachability }) => !isLocal && reachability === 'indirect').length;
  if (indirect === 0) return 'This node reaches every one of them directly.';
  return `This node knows ${indirect} of them through others only.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What stands above everything else. */
export function notices(port: MembershipPort): readonly Notice[] {
  const { isolated, leaving, firstRoundTried, waitingFor, duplicateAddresses } = port.standing();
  return [
    ...(leaving
      ? [{ what: 'This node is leaving the mesh.', advice: 'Look at the page of another one from now on.' }]
      : []),
    ...(isolated
      ? [
          {
            what: 'This node is isolated: it hears from no other, so what it shows may be old.',
            advice: 'See whether its gossip port can be reached from the others, and theirs from here.',
          },
        ]
      : []),
    ...(waitingFor.length > 0
      ? [
          {
            what: `This node is alone and still waiting for ${waitingFor.join(', ')}.`,
            advice: 'See whether an agent of this mesh listens there. It is tried again until it answers.',
          },
        ]
      : []),
    ...(duplicateAddresses.length > 0
      ? [
          {
            what: `Another live node claims the id of this one, at ${duplicateAddresses.join(', ')}.`,
            advice: 'Give one of the two another --node-id.',
          },
        ]
      : []),
    ...(firstRoundTried || leaving
      ? []
      : [{ what: 'This node has only just started.', advice: 'The list is whole once it has asked the others.' }]),
  ];
}
