import type { ExchangeId } from '../gossip/input.ts';

/** Follows the handshakes that a node begins. The calls of one exchange are one handshake. */
export interface HandshakeTracing {
  /**
   * A call of a handshake is about to be made. The first one begins the handshake.
   *
   * @param address of the peer
   */
  begin(exchange: ExchangeId, address: string): void;
  /** Makes a call that was begun, as a part of its handshake. */
  call<Outcome>(exchange: ExchangeId, make: () => Promise<Outcome>): Promise<Outcome>;
  /** A call has ended and all that follows from it has begun: when no other call has, the handshake is over. */
  ended(exchange: ExchangeId, problem: string | undefined): void;
}
