import { createRequire } from 'node:module';
import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

/** Lets tools such as grpcurl ask a server what it speaks. */
export function addReflection(server: Server): void {
  const wireContract = createRequire(import.meta.url).resolve('#proto/gossip.proto');
  new ReflectionService(loadSync(wireContract, { keepCase: true })).addToServer(server);
}
