import type { NodeMetadata } from '../base/metadata.ts';
import type { EffectiveConfig } from '../config/effective.ts';
import type { MemberView } from '../gossip/view.ts';
import type { MembershipPort, ShownMember } from '../http/port.ts';
import type { MusterNode } from '../node/muster-node.ts';
import { metadataOf } from '../wire/metadata.ts';

/** Metadata are checked before a record is taken in; this stands in for the impossible. */
const NOTHING: NodeMetadata = Object.freeze({ apiEndpoint: '', apiPort: 0, labels: Object.freeze({}) });

/** Offers a node to the HTTP face, which knows nothing of nodes. */
export function membershipPort(node: MusterNode, { nodeId, mesh }: EffectiveConfig): MembershipPort {
  return {
    nodeId,
    mesh,
    members: () => node.members().map(shown),
    revision: () => node.revision(),
    standing: () => node.standing(),
    listening: () => node.listening,
  };
}

function shown(member: MemberView): ShownMember {
  const metadata = metadataOf(member.metadata);
  return { ...member, decoded: metadata.ok ? metadata.value : NOTHING };
}
