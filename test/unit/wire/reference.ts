import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** The contract as another implementation reads it: protobufjs' descriptors of the .proto, which know nothing of our codec. */
const root = new protobuf.Root().loadSync(fileURLToPath(new URL('../../../proto/gossip.proto', import.meta.url)), {
  keepCase: true,
});

export type MessageName =
  | 'GossipHeartbeatRequest'
  | 'GossipDiffResponse'
  | 'GossipDiffRequest'
  | 'GossipDeltaResponse'
  | 'GossipStepRequest'
  | 'GossipStepResponse'
  | 'ProbeRequest'
  | 'ProbeResponse';

export function typeOf(name: string): protobuf.Type {
  return root.lookupType(`muster.gossip.v1alpha1.${name}`);
}

/** The numbers of an enum by their names. */
export function enumOf(name: string): Record<string, number> {
  return root.lookupEnum(`muster.gossip.v1alpha1.${name}`).values;
}

/** Writes a message. 64-bit numbers may be decimal texts. */
export function write(name: MessageName, content: object): Uint8Array {
  const type = typeOf(name);
  return type.encode(type.fromObject(content)).finish();
}

/** Reads a message, with 64-bit numbers as decimal texts and enums as their names. */
export function read(name: MessageName, bytes: Uint8Array): Record<string, unknown> {
  const type = typeOf(name);
  return type.toObject(type.decode(bytes), { longs: String, enums: String, defaults: true });
}
