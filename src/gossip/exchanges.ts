import type { Millis, NodeId } from '../base/brands.ts';
import type { ExchangeId } from './input.ts';

/** A handshake that this node began and whose outcome is still open. */
export interface Exchange {
  readonly id: ExchangeId;
  /** Why it was begun: in the course of a cycle, to ask after a dead one, to join, or to say goodbye. */
  readonly purpose:
    | { readonly kind: 'gossip' }
    | { readonly kind: 'reconnect' }
    | { readonly kind: 'join'; readonly target: string }
    | { readonly kind: 'leave' };
  /** Who is expected to answer; undefined where only an address is known. */
  readonly peer: NodeId | undefined;
  readonly address: string;
  readonly cycle: number;
  readonly startedAt: Millis;
  /** The heartbeat has been answered: what fails from here on is no sign of death. */
  answered: boolean;
}

/** The open handshakes by their numbers. The shell ends each one with an answer or a failure, so none stays. */
export class Exchanges {
  readonly #open = new Map<ExchangeId, Exchange>();
  #last: ExchangeId = 0;

  begin(exchange: Omit<Exchange, 'id' | 'answered'>): Exchange {
    this.#last += 1;
    const begun: Exchange = { ...exchange, id: this.#last, answered: false };
    this.#open.set(begun.id, begun);
    return begun;
  }

  get(id: ExchangeId): Exchange | undefined {
    return this.#open.get(id);
  }

  /** Closes a handshake; undefined when it is not open (an answer that came twice or too late). */
  end(id: ExchangeId): Exchange | undefined {
    const exchange = this.#open.get(id);
    this.#open.delete(id);
    return exchange;
  }
}
