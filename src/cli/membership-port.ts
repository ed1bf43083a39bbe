import type { NodeMetadata } from '../base/metadata.ts';
import type { EffectiveConfig } from '../config/effective.ts';
import type { MemberView } from '../gossip/view.ts';
import type { ControlPort } from '../http/control/control-port.ts';
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
    subscribe: (listener) =>
      node.onMemberChanged((id) => {
        const member = node.member(id);
        listener(id, member === undefined ? undefined : shown(member));
      }),
    revision: () => node.revision(),
    standing: () => node.standing(),
    history: () => node.history(),
    listening: () => node.listening,
  };
}

/** Offers the control of a node to the HTTP face. */
export function controlPort(node: MusterNode): ControlPort {
  return {
    metadata: () => node.metadata,
    setMetadata: (metadata) => node.setMetadata(metadata),
    join: (targets) => node.join(targets),
    leave: async () => node.leave(),
    forget: (id) => node.forget(id),
  };
}

function shown(member: MemberView): ShownMember {
  const metadata = metadataOf(member.metadata);
  return { ...member, decoded: metadata.ok ? metadata.value : NOTHING };
}
