import { once } from 'node:events';
import { Client, credentials, Metadata, type MethodDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import { CLIENT_OPTIONS, SERVER_OPTIONS } from '../../src/node/grpc-options.ts';
import { gossipService } from '../../src/node/service.ts';
import { loadedMethod } from '../harness/contract.ts';
import { TRAFFIC } from './answerer.ts';
import type { RecordedCall } from './asker.ts';

const pass = (bytes: Buffer): Buffer => bytes;
const EMPTY: MethodDefinition<Buffer, Buffer> = {
  path: '/muster.bench.Empty/Call',
  requestStream: false,
  responseStream: false,
  requestSerialize: pass,
  requestDeserialize: pass,
  responseSerialize: pass,
  responseDeserialize: pass,
};

/** A server with production's options that gives the same answers whatever it is asked, and a client that asks the same. */
export interface Replay {
  /** Makes all calls, one after the other. */
  run(): Promise<void>;
  stop(): void;
}

/** One call with nothing in it: what gRPC itself costs. */
export async function emptyCall(): Promise<Replay> {
  return replay([{ method: EMPTY, request: Buffer.alloc(0), response: Buffer.alloc(0) }]);
}

/** The same calls with bytes that nobody writes or reads: what no codec can be faster than. */
export async function byBytes(calls: readonly RecordedCall[]): Promise<Replay> {
  return replay(
    calls.map(({ method, request, response }) => ({
      method: { ...EMPTY, path: `/muster.bench.Bytes/${method}` },
      request,
      response,
    })),
  );
}

/** The same calls by proto-loader's objects, which are ready made: only the codec and gRPC work, no node. */
export async function byLoader(calls: readonly RecordedCall[]): Promise<Replay> {
  return replay(
    calls.map((call) => {
      const method = loadedMethod(call.method);
      return {
        method,
        request: method.requestDeserialize(call.request),
        response: method.responseDeserialize(call.response),
      };
    }),
  );
}

/** The same calls by our own codec, with its checks: what the node does with the messages is left out here too. */
export async function byOwnCodec(calls: readonly RecordedCall[]): Promise<Replay> {
  const { sendHeartbeat, sendDiff } = gossipService(TRAFFIC);
  return replay(
    calls.map((call) => {
      const method = call.method === 'SendHeartbeat' ? sendHeartbeat : sendDiff;
      const [request, response] = [method.requestDeserialize(call.request), method.responseDeserialize(call.response)];
      if (!request.ok || !response.ok) throw new Error(`a recorded ${call.method} can not be read`);
      return {
        method: method as unknown as MethodDefinition<object, object>,
        request: request.value.message,
        response: response.value.message,
      };
    }),
  );
}

interface Prepared<Message> {
  readonly method: MethodDefinition<Message, Message>;
  readonly request: Message;
  readonly response: Message;
}

async function replay<Message>(calls: readonly Prepared<Message>[]): Promise<Replay> {
  const server = new Server(SERVER_OPTIONS);
  for (const { method, response } of calls) {
    server.addService(
      { call: method },
      { call: (_call: unknown, callback: (error: null, answer: Message) => void) => callback(null, response) },
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), CLIENT_OPTIONS);
  return {
    run: async () => {
      for (const { method, request } of calls) {
        const call = client.makeUnaryRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          request,
          new Metadata(),
          (error) => {
            if (error !== null) call.emit('error', error);
          },
        );
        await once(call, 'status');
      }
    },
    stop: () => {
      client.close();
      server.forceShutdown();
    },
  };
}
