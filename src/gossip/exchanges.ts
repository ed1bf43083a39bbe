import type { Millis, NodeId } from '../base/brands.ts';
import type { ExchangeId } from './input.ts';
import type { Telling } from './news.ts';
import type { Check } from './prober.ts';
import type { Detail } from './speech.ts';

/** Why an exchange was begun. */
export type Purpose =
  /** In the course of a cycle. */
  | { readonly kind: 'gossip' }
  /** To look whether a dead member is there again. */
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'join'; readonly target: string }
  /** To look, for somebody else, whether a member answers. */
  | { readonly kind: 'probe' }
  /** To ask somebody else to look. */
  | { readonly kind: 'ask'; readonly check: Check }
  /** To pass on news. */
  | { readonly kind: 'push'; readonly telling: Telling }
  | { readonly kind: 'leave' };

/** A handshake or another call that this node began and whose outcome is still open. */
export class Exchange {
  readonly id: ExchangeId;
  readonly purpose: Purpose;
  /** Who is expected to answer; undefined where only an address is known. */
  readonly peer: NodeId | undefined;
  readonly address: string;
  readonly cycle: number;
  readonly startedAt: Millis;
  /** How much the heartbeat told. */
  detail: Detail = 'digest';
  /** Others have been asked about the peer already. */
  check: Check | undefined;
  /** The heartbeat has been answered: what fails from here on is no sign of death. */
  answered = false;

  constructor(id: ExchangeId, about: Pick<Exchange, 'purpose' | 'peer' | 'address' | 'cycle' | 'startedAt'>) {
    this.id = id;
    this.purpose = about.purpose;
    this.peer = about.peer;
    this.address = about.address;
    this.cycle = about.cycle;
    this.startedAt = about.startedAt;
  }
}

/** The open handshakes by their numbers. The shell ends each one with an answer or a failure, so none stays. */
export class Exchanges {
  readonly #open = new Map<ExchangeId, Exchange>();
  #last: ExchangeId = 0;

  begin(about: ConstructorParameters<typeof Exchange>[1]): Exchange {
    this.#last += 1;
    const begun = new Exchange(this.#last, about);
    this.#open.set(begun.id, begun);
    return begun;
  }

  get(id: ExchangeId): Exchange | undefined {
    return this.#open.get(id);
  }

  /** It was begun, and has come to its end. */
  isOver(id: ExchangeId): boolean {
    return id >= 1 && id <= this.#last && !this.#open.has(id);
  }

  /** Closes a handshake; undefined when it is not open (an answer that came twice or too late). */
  end(id: ExchangeId): Exchange | undefined {
    const exchange = this.#open.get(id);
    this.#open.delete(id);
    return exchange;
  }
}
