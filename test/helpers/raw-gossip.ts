import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';

const CALL_MS = 20_000;
const UNLIMITED = -1;
const identity = (bytes: Buffer): Buffer => bytes;

/** A client of the gossip port that sends whatever bytes it is given. */
export class RawGossip {
  readonly #client: Client;

  /** @param address `host:port` */
  constructor(address: string) {
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
        `/muster.gossip.v1alpha1.GossipService/${method}`,
        identity,
        identity,
        bytes,
        new Metadata(),
        { deadline: Date.now() + CALL_MS },
        (error: ServiceError | null) => resolve(status[error?.code ?? status.OK] as keyof typeof status),
      );
    });
  }

  close(): void {
    this.#client.close();
  }
}
