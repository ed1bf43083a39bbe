import { connect } from 'node:http2';
import { Client, credentials, Metadata, type ServiceError, type StatusObject, status } from '@grpc/grpc-js';
import { decodeStepResponse } from '../../src/wire/decode.ts';

const SERVICE = '/muster.gossip.v1alpha1.GossipService';
const CALL_MS = 20_000;
const UNLIMITED = -1;
const identity = (bytes: Buffer): Buffer => bytes;

/** A client of the gossip port that sends whatever bytes it is given. */
export class RawGossip {
  readonly #client: Client;
  readonly #address: string;

  /** @param address `host:port` */
  constructor(address: string) {
    this.#address = address;
    this.#client = new Client(address, credentials.createInsecure(), {
      'grpc.max_send_message_length': UNLIMITED,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_http_proxy': 0,
    });
  }

  /**
   * Makes one call.
   *
   * @returns the name of the gRPC status that came back
   */
  async call(method: 'SendHeartbeat' | 'SendDiff', bytes: Buffer): Promise<keyof typeof status> {
    return new Promise((resolve) => {
      this.#client.makeUnaryRequest(
        `${SERVICE}/${method}`,
        identity,
        identity,
        bytes,
        new Metadata(),
        { deadline: Date.now() + CALL_MS },
        (error: ServiceError | null) => resolve(status[error?.code ?? status.OK] as keyof typeof status),
      );
    });
  }

  /**
   * Opens a stream of steps and sends one message on it.
   *
   * @returns `OK` when it is answered, else the name of the gRPC status that it is refused with or that ended the stream
   */
  async stream(bytes: Buffer): Promise<keyof typeof status> {
    return new Promise((resolve) => {
      const deadline = Date.now() + CALL_MS;
      const stream = this.#client.makeBidiStreamRequest(`${SERVICE}/StreamSteps`, identity, identity, new Metadata(), {
        deadline,
      });
      stream.on('error', () => undefined);
      stream.on('status', ({ code }: StatusObject) => resolve(status[code] as keyof typeof status));
      stream.on('data', (answer: Buffer) => {
        const decoded = decodeStepResponse(answer);
        const refusal = decoded.ok && decoded.value.step === 'refused' ? decoded.value : undefined;
        resolve(status[refusal?.code ?? status.OK] as keyof typeof status);
      });
      // Half-closed at once, so that an ended stream does not count among the open ones until this side is done with it.
      stream.end(bytes);
    });
  }

  /**
   * Sends a message many times on one stream, and takes none of the answers: gRPC's own client would not send on.
   *
   * @returns ends the connection
   */
  flood(bytes: Buffer, times: number): () => void {
    const session = connect(`http://${this.#address}`);
    session.on('error', () => undefined);
    const stream = session.request({
      ':method': 'POST',
      ':path': `${SERVICE}/StreamSteps`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => undefined);
    // gRPC's frame: not compressed, and the length (gRPC over HTTP2, "Length-Prefixed-Message").
    const head = Buffer.alloc(5);
    head.writeUInt32BE(bytes.length, 1);
    stream.write(Buffer.concat(Array.from({ length: times }, () => [head, bytes]).flat()));
    return () => session.destroy();
  }

  close(): void {
    this.#client.close();
  }
}
