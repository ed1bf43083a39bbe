import type { ShownMember } from './port.ts';

/** Writes members as the JSON array of the memberlist, in the order given. */
export function memberlistJson(members: readonly ShownMember[]): Buffer {
  return Buffer.from(JSON.stringify(members.map(memberJson)));
}

/** One member as the memberlist has it, to be written as JSON. */
export function memberJson(member: ShownMember) {
  const { apiEndpoint, apiPort, labels } = member.decoded;
  return {
    id: member.id,
    address: member.address,
    lastSeen: new Date(member.lastSeen).toISOString(),
    version: member.version,
    state: { apiEndpoint, apiPort, labels },
    peerState: member.state,
    isLocal: member.isLocal,
    reachability: member.reachability,
    ...(member.left ? { left: true } : {}),
  };
}
