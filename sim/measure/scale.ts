import type { Parcel, Transport } from '../engine/transport.ts';

/** A transport that brings messages as another one does, and remembers how large the largest was. */
export class Scale implements Transport {
  readonly #transport: Transport;
  #largest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Bytes of the largest message so far. */
  get largest(): number {
    return this.#largest;
  }

  readonly heartbeat: Transport['heartbeat'] = (message) => this.#weighed(this.#transport.heartbeat(message));
  readonly diff: Transport['diff'] = (message) => this.#weighed(this.#transport.diff(message));
  readonly diffAnswer: Transport['diffAnswer'] = (message) => this.#weighed(this.#transport.diffAnswer(message));
  readonly deltaAnswer: Transport['deltaAnswer'] = (message) => this.#weighed(this.#transport.deltaAnswer(message));
  readonly probe: Transport['probe'] = (message) => this.#weighed(this.#transport.probe(message));
  readonly probeAnswer: Transport['probeAnswer'] = (message) => this.#weighed(this.#transport.probeAnswer(message));

  #weighed<Message>(parcel: Parcel<Message>): Parcel<Message> {
    if (parcel.bytes > this.#largest) this.#largest = parcel.bytes;
    return parcel;
  }
}
