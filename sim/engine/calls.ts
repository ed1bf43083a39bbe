import type { Effect } from '../../src/gossip/effect.ts';
import type { CallId, ExchangeFailure, Input } from '../../src/gossip/input.ts';
import type { Host, Life, OpenCall } from './host.ts';
import type { Network } from './network.ts';
import type { Parcel, Transport } from './transport.ts';

/** What begins a call. */
type Send = Extract<Effect, { kind: 'sendHeartbeat' | 'sendDiff' | 'sendProbe' }>;
/** Who waits for the outcome of a call. */
interface Caller {
  readonly host: Host;
  readonly life: Life;
  readonly call: OpenCall;
}

/** A TCP reset, or a gRPC status without a message. */
const REFUSAL_BYTES = 40;

/** What ends a call at the node that was called. */
type Answer = Extract<Effect, { kind: 'answerHeartbeat' | 'answerDiff' | 'answerProbe' | 'refuse' }>;

/** What calls need of the world that they are made in. */
export interface CallsSetup {
  readonly network: Network;
  readonly transport: Transport;
  /** The deadline of a call, ms. */
  readonly timeout: number;
  /** Virtual time, ms. */
  readonly now: () => number;
  readonly later: (delay: number, action: () => void) => void;
  readonly hostAt: (address: string) => Host | undefined;
  /** Hands a node an input. */
  readonly takeIn: (host: Host, life: Life, input: Input) => void;
}

/** The calls between nodes: connecting, the way there, the answer and the way back, each of which may fail by itself. */
export class Calls {
  readonly #setup: CallsSetup;
  readonly #answers = new Map<CallId, (answer: Answer) => void>();
  #count: CallId = 0;

  constructor(setup: CallsSetup) {
    this.#setup = setup;
  }

  /** A node answers, or refuses, a call that was made to it. */
  answered(answer: Answer): void {
    const deliver = this.#answers.get(answer.call);
    this.#answers.delete(answer.call);
    deliver?.(answer);
  }

  /** Ends the calls of a node whose deadline has passed. */
  expire(host: Host, life: Life): void {
    for (const call of life.calls.values()) {
      if (call.deadline <= this.#setup.now()) this.#conclude(host, life, call, failure(call, 'timeout'));
    }
  }

  /** A node makes a call; its outcome comes to it as an input. */
  begin(host: Host, life: Life, effect: Send): void {
    const { exchange, address } = effect;
    const connection = effect.kind === 'sendHeartbeat' ? effect.connection : 'pooled';
    const mayBeLate = effect.kind !== 'sendProbe' && connection === 'pooled';
    const call: OpenCall = { exchange, deadline: this.#setup.now() + this.#setup.timeout, mayBeLate };
    life.calls.set(exchange, call);
    this.#setup.later(this.#setup.timeout, () => {
      if (!host.paused) this.#conclude(host, life, call, failure(call, 'timeout'));
    });
    const target = this.#setup.hostAt(address);
    if (target === undefined) return;
    const open = this.#connect(host, life, target, connection);
    if (open === undefined) return;
    this.#setup.later(open, () => {
      if (target.life !== undefined) this.#request({ host, life, call }, target, effect);
      else if (!target.vanished) this.#refuse({ host, life, call }, target);
    });
  }

  /** The time until a connection stands, ms; undefined when none comes about. */
  #connect(host: Host, life: Life, target: Host, connection: 'pooled' | 'fresh'): number | undefined {
    const open = life.connections.get(target.address);
    if (connection === 'pooled' && open !== undefined && open === target.life) return 0;
    if (target.vanished) return undefined;
    const took = this.#setup.network.connect(host, target);
    if (took !== undefined && target.life !== undefined) life.connections.set(target.address, target.life);
    return took;
  }

  /** Nobody listens there: the machine says so. */
  #refuse({ host, life, call }: Caller, target: Host): void {
    const travel = this.#setup.network.send(target, host, REFUSAL_BYTES);
    if (travel !== undefined)
      this.#setup.later(travel, () => this.#conclude(host, life, call, failure(call, 'unreachable')));
  }

  #request(caller: Caller, target: Host, effect: Send): void {
    const { transport } = this.#setup;
    if (effect.kind === 'sendHeartbeat') {
      const parcel = transport.heartbeat(effect.message);
      this.#deliver(caller, target, parcel, (call, message) => ({ kind: 'heartbeatReceived', call, message }));
    } else if (effect.kind === 'sendDiff') {
      const parcel = transport.diff(effect.message);
      this.#deliver(caller, target, parcel, (call, message) => ({ kind: 'diffReceived', call, message }));
    } else {
      const parcel = transport.probe(effect.message);
      this.#deliver(caller, target, parcel, (call, message) => ({ kind: 'probeReceived', call, message }));
    }
  }

  #deliver<Message>(
    caller: Caller,
    target: Host,
    { bytes, message }: Parcel<Message>,
    toInput: (call: CallId, message: Message) => Input,
  ): void {
    const served = target.life;
    if (message === undefined || served === undefined) return;
    const copies = this.#setup.network.duplicates() ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const travel = this.#setup.network.send(caller.host, target, bytes);
      if (travel === undefined) continue;
      this.#setup.later(travel, () => {
        if (target.life !== served) return;
        this.#count += 1;
        const call = this.#count;
        this.#answers.set(call, (answer) => this.#answer(target, caller, answer));
        this.#setup.takeIn(target, served, toInput(call, message));
      });
    }
  }

  #answer(from: Host, { host, life, call }: Caller, answer: Answer): void {
    const { transport } = this.#setup;
    const { exchange } = call;
    const send = (bytes: number, input: Input): void => {
      const travel = this.#setup.network.send(from, host, bytes);
      if (travel !== undefined) this.#setup.later(travel, () => this.#conclude(host, life, call, input));
    };
    if (answer.kind === 'refuse') {
      send(REFUSAL_BYTES, failure(call, 'refused'));
    } else if (answer.kind === 'answerHeartbeat') {
      const { bytes, message } = transport.diffAnswer(answer.message);
      send(
        bytes,
        message === undefined ? failure(call, 'bad_answer') : { kind: 'heartbeatAnswered', exchange, message },
      );
    } else if (answer.kind === 'answerDiff') {
      const { bytes, message } = transport.deltaAnswer(answer.message);
      send(bytes, message === undefined ? failure(call, 'bad_answer') : { kind: 'diffAnswered', exchange, message });
    } else {
      const { bytes, message } = transport.probeAnswer(answer.message);
      send(bytes, message === undefined ? failure(call, 'bad_answer') : { kind: 'probeAnswered', exchange, message });
    }
  }

  /** The first outcome of a call counts; but an answer that comes over a stream may still come late. Where the process is stopped, it has to wait. */
  #conclude(host: Host, life: Life, call: OpenCall, input: Input): void {
    if (host.life !== life) return;
    if (host.paused) {
      life.held.push(() => this.#conclude(host, life, call, input));
    } else if (life.calls.get(call.exchange) === call) {
      life.calls.delete(call.exchange);
      if (input.kind !== 'exchangeFailed') call.mayBeLate = false;
      this.#setup.takeIn(host, life, input);
    } else if (input.kind !== 'exchangeFailed' && call.mayBeLate) {
      call.mayBeLate = false;
      this.#setup.takeIn(host, life, input);
    }
  }
}

function failure({ exchange }: OpenCall, reason: ExchangeFailure): Input {
  return { kind: 'exchangeFailed', exchange, reason };
}
