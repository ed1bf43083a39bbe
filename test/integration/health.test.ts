import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { service as health } from 'grpc-health-check';
import { describe, expect, type TestContext, test } from 'vitest';
import { agentsOf } from '../helpers/agents.ts';
import { eventually } from '../helpers/eventually.ts';

const GOSSIP = 'muster.gossip.v1alpha1.GossipService';

describe.concurrent('the gossip port', () => {
  test('answers health checks for itself and its service', async (context) => {
    const agent = await agentsOf(context).start('node');
    expect(await checkHealth(agent.gossip, '')).toStrictEqual({ status: 'SERVING' });
    expect(await checkHealth(agent.gossip, GOSSIP)).toStrictEqual({ status: 'SERVING' });
    await expect(checkHealth(agent.gossip, 'some.other.Service')).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  test('tells who watches its health that it stops', async (context) => {
    const agent = await agentsOf(context).start('node');
    const seen = watchHealth(agent.gossip, GOSSIP, context);
    const shows = async (statuses: readonly string[]): Promise<number> =>
      eventually({
        what: statuses.join(' → '),
        deadlineMs: 5_000,
        read: () => seen.join(),
        until: (text) => text === statuses.join(),
      });
    await shows(['SERVING']);
    agent.kill('SIGTERM');
    await shows(['SERVING', 'NOT_SERVING']);
  });

  test('refuses a health check that is no message', async (context) => {
    const agent = await agentsOf(context).start('node');
    await expect(checkHealth(agent.gossip, '', () => Buffer.from([0xff]))).rejects.toMatchObject({
      code: status.INTERNAL,
    });
  });

  test('lists its services when reflection is switched on', async (context) => {
    const agent = await agentsOf(context).start('node', '--gossip-reflection', 'true');
    expect(await listServices(agent.gossip)).toContain(GOSSIP);
  });

  test('has no reflection when it is not', async (context) => {
    const agent = await agentsOf(context).start('node');
    await expect(listServices(agent.gossip)).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });
});

/** Asks `grpc.health.v1.Health/Check`, as a Kubernetes probe does. */
async function checkHealth(address: string, service: string, serialize?: () => Buffer): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = methodOf(health, 'Check');
  const client = new Client(address, credentials.createInsecure());
  try {
    return await new Promise<unknown>((resolve, reject) => {
      const done = (error: ServiceError | null, answer: unknown): void =>
        error === null ? resolve(answer) : reject(error);
      client.makeUnaryRequest(
        path,
        serialize ?? requestSerialize,
        responseDeserialize,
        { service },
        new Metadata(),
        done,
      );
    });
  } finally {
    client.close();
  }
}

/** Follows `grpc.health.v1.Health/Watch` until the end of the test. What it gives grows with every status that is told. */
function watchHealth(address: string, service: string, context: TestContext): readonly string[] {
  const { path, requestSerialize, responseDeserialize } = methodOf(health, 'Watch');
  const client = new Client(address, credentials.createInsecure());
  const seen: string[] = [];
  const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service });
  call.on('data', (answer: { readonly status: string }) => seen.push(answer.status));
  // The stream ends with the agent.
  call.on('error', () => client.close());
  context.onTestFinished(() => client.close());
  return seen;
}

/** Asks `grpc.reflection.v1.ServerReflection` for all services, as `grpcurl list` does. */
async function listServices(address: string): Promise<readonly string[]> {
  const client = new Client(address, credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = methodOf(reflection(), 'ServerReflectionInfo');
      const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
      call.on('error', reject);
      call.on('data', (answer: { readonly listServicesResponse: { readonly service: { readonly name: string }[] } }) =>
        resolve(answer.listServicesResponse.service.map(({ name }) => name)),
      );
      call.write({ listServices: '*' });
      call.end();
    });
  } finally {
    client.close();
  }
}

/** The service's definition, out of the package that serves it. */
function reflection(): ServiceDefinition {
  const packaged = dirname(createRequire(import.meta.url).resolve('@grpc/reflection'));
  const file = join(packaged, '../proto/grpc/reflection/v1/reflection.proto');
  return loadSync(file)['grpc.reflection.v1.ServerReflection'] as ServiceDefinition;
}

function methodOf<Method>(service: Readonly<Record<string, Method>>, name: string): Method {
  const method = service[name];
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}
