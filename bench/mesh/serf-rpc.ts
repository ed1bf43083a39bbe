import { once } from 'node:events';
import { connect } from 'node:net';
import { decodeMultiStream, encode } from '@msgpack/msgpack';

/**
 * Sets a tag of a Serf agent, by its RPC protocol: starting `serf tags` for it would cost more than what is measured.
 *
 * @throws {Error} when the agent refuses
 */
export async function setTag(
  rpc: { readonly host: string; readonly port: number },
  tag: string,
  value: string,
): Promise<void> {
  const socket = connect(rpc);
  await once(socket, 'connect');
  const answers = decodeMultiStream(socket);
  try {
    for (const [Seq, [Command, body]] of [
      ['handshake', { Version: 1 }] as const,
      ['tags', { Tags: { [tag]: value }, DeleteTags: [] }] as const,
    ].entries()) {
      socket.write(Buffer.concat([encode({ Command, Seq }), encode(body)]));
      const { value: answer } = (await answers.next()) as { value: { readonly Error: string } };
      if (answer.Error !== '') throw new Error(`serf: ${Command}: ${answer.Error}`);
    }
  } finally {
    socket.destroy();
  }
}
