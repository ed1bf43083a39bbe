import { fileURLToPath } from 'node:url';
import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import { GOSSIP_SERVICE } from '../../src/node/service.ts';

const FILE = fileURLToPath(new URL('../../proto/gossip.proto', import.meta.url));
const loaded = loadSync(FILE, { keepCase: true, longs: Number, enums: Number, defaults: true })[GOSSIP_SERVICE];
const root = new protobuf.Root().loadSync(FILE, { keepCase: true });

/** A message type of the contract, as protobufjs makes it of the contract. */
export function typeOf(name: string): protobuf.Type {
  return root.lookupType(`muster.gossip.v1alpha1.${name}`);
}

/** A method of the service with proto-loader's codec: plain objects, in its fastest form. */
export function loadedMethod(name: string): MethodDefinition<object, object> {
  const method = loaded === undefined || !(name in loaded) ? undefined : (loaded as Record<string, unknown>)[name];
  if (method === undefined) throw new Error(`the contract has no method ${name}`);
  return method as MethodDefinition<object, object>;
}
