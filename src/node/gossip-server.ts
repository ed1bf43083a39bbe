import { setImmediate } from 'node:timers/promises';
import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { err, ok, type Result } from '../base/result.ts';
import type { HostPort } from '../config/address.ts';
import type { Effect } from '../gossip/effect.ts';
import type { CallId, Input } from '../gossip/input.ts';
import type { DeltaAnswer, Diff, Heartbeat, MessageRefusal, Probe, ProbeAnswer } from '../gossip/messages.ts';
import { decodeStepRequest } from '../wire/decode.ts';
import { encodeStep, encodeStepRefusal } from '../wire/encode.ts';
import { type DroppedRecord, WIRE_STATUS, type WireError } from '../wire/refusal.ts';
import type { StepMessage } from '../wire/step.ts';
import { GossipListener } from './gossip-listener.ts';
import { SERVER_OPTIONS } from './grpc-options.ts';
import { Health } from './health.ts';
import type { ShellRefusal } from './refusal-report.ts';
import {
  GOSSIP_SERVICE,
  type GossipMethod,
  gossipService,
  type Incoming,
  STREAM_STEPS,
  type Traffic,
} from './service.ts';

/** How long a stopping server waits for calls that have begun. */
const DRAIN_MS = 500;

/** The statuses by which the core's refusals go out. */
const REFUSAL_STATUS: Readonly<Record<MessageRefusal, status>> = { wrong_mesh: status.FAILED_PRECONDITION };

export interface GossipServerOptions {
  readonly traffic: Traffic;
  /** Serve reflection (`grpc.reflection.v1`), for tools such as grpcurl. */
  readonly reflection: boolean;
  /** Takes what a peer said. The answer comes back by {@link GossipServer.answer}. */
  readonly input: (input: Input) => void;
  readonly refusedMessage: (reason: ShellRefusal, remote: string, detail: string) => void;
  readonly droppedRecords: (dropped: readonly DroppedRecord[], remote: string) => void;
}

type StepStream = ServerDuplexStream<Buffer, Buffer>;

/** The status that a message is refused with. */
interface Failure {
  readonly code: status;
  readonly details: string;
}

/** Takes what comes of a message: its answer, or why it is refused. */
type Respond<Reply> = (outcome: Result<Reply, Failure>) => void;

type Answer = Extract<Effect, { kind: 'answerHeartbeat' | 'answerDiff' | 'answerProbe' | 'refuse' }>;

/** The gRPC face of a node: turns calls into inputs of the core, and effects of the core into answers. */
export class GossipServer {
  readonly #server: Server;
  readonly #listener: GossipListener;
  readonly #options: GossipServerOptions;
  readonly #health = new Health({ '': 'NOT_SERVING', [GOSSIP_SERVICE]: 'NOT_SERVING' });
  readonly #open = new Map<CallId, (answer: Answer) => void>();
  readonly #streams = new Set<StepStream>();
  #calls: CallId = 0;

  constructor(options: GossipServerOptions) {
    this.#options = options;
    this.#server = new Server({
      ...SERVER_OPTIONS,
      interceptors: [(_method, call) => this.#noticeUnread(call)],
    });
    const service = gossipService(options.traffic);
    const sendHeartbeat: handleUnaryCall<Incoming<Heartbeat>, Diff> = (call, callback) =>
      this.#receive(call.request, call.getPeer(), inCall(callback), heartbeatInput);
    const sendDiff: handleUnaryCall<Incoming<Diff>, DeltaAnswer> = (call, callback) =>
      this.#receive(call.request, call.getPeer(), inCall(callback), diffInput);
    const streamSteps: handleBidiStreamingCall<Buffer, Buffer> = (stream) => this.#serve(stream, service);
    const probe: handleUnaryCall<Incoming<Probe>, ProbeAnswer> = (call, callback) =>
      this.#receive(call.request, call.getPeer(), inCall(callback), (id, message) => ({
        kind: 'probeReceived',
        call: id,
        message,
      }));
    this.#server.addService(
      {
        SendHeartbeat: service.sendHeartbeat,
        SendDiff: service.sendDiff,
        StreamSteps: STREAM_STEPS,
        Probe: service.probe,
      },
      { SendHeartbeat: sendHeartbeat, SendDiff: sendDiff, StreamSteps: streamSteps, Probe: probe },
    );
    this.#health.addToServer(this.#server);
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#listener = new GossipListener({
      accept: (socket) => injector.injectConnection(socket),
      refused: (reason, remote) => options.refusedMessage(reason, remote, 'the connection was closed'),
    });
  }

  /**
   * Starts to listen and to serve.
   *
   * @returns the port that was bound
   * @throws {Error} when the address can not be bound
   */
  async listen(bind: HostPort): Promise<number> {
    if (this.#options.reflection) {
      const { addReflection } = await import('./reflection.ts');
      addReflection(this.#server);
    }
    const port = await this.#listener.listen(bind);
    this.#setHealth('SERVING');
    return port;
  }

  /** Sends the core's answer to the call that it belongs to. */
  answer(effect: Answer): void {
    this.#open.get(effect.call)?.(effect);
    this.#open.delete(effect.call);
  }

  /** Says that it stops, finishes the calls that have begun, within half a second, and closes. */
  async stop(): Promise<void> {
    this.#setHealth('NOT_SERVING');
    // Else they would be waited for.
    for (const stream of this.#streams) stream.end();
    // Whoever watches is told before the streams are closed.
    await setImmediate();
    this.#listener.stop();
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => {
        this.#server.forceShutdown();
        // A session that closes ends its socket and waits for the peer to do the same: one that is frozen or cut off never does.
        this.#listener.destroy();
      }, DRAIN_MS);
      this.#server.tryShutdown(() => {
        clearTimeout(force);
        resolve();
      });
    });
    // Connections that have not said yet what they speak.
    this.#listener.destroy();
  }

  #setHealth(state: 'SERVING' | 'NOT_SERVING'): void {
    this.#health.setStatus('', state);
    this.#health.setStatus(GOSSIP_SERVICE, state);
  }

  /** Answers the steps of handshakes that come on a stream. */
  #serve(stream: StepStream, { sendHeartbeat, sendDiff }: ReturnType<typeof gossipService>): void {
    this.#streams.add(stream);
    for (const end of ['finish', 'close']) stream.once(end, () => this.#streams.delete(stream));
    stream.on('end', () => stream.end());
    const remote = stream.getPeer();
    stream.on('data', (bytes: Buffer) => {
      const decoded = decodeStepRequest(bytes);
      if (!decoded.ok) {
        // There is no number to refuse it by.
        stream.emit('error', this.#refusal(decoded.error, remote));
        return;
      }
      const { step, message } = decoded.value;
      if (step === 'heartbeat') {
        const respond = onStream(stream, decoded.value, sendHeartbeat);
        this.#receive(sendHeartbeat.requestDeserialize(message), remote, respond, heartbeatInput);
      } else {
        const respond = onStream(stream, decoded.value, sendDiff);
        this.#receive(sendDiff.requestDeserialize(message), remote, respond, diffInput);
      }
    });
  }

  #receive<Message, Reply>(
    incoming: Incoming<Message>,
    remote: string,
    respond: Respond<Reply>,
    toInput: (call: CallId, message: Message) => Input,
  ): void {
    if (!incoming.ok) {
      respond(err(this.#refusal(incoming.error, remote)));
      return;
    }
    const { message, refusals } = incoming.value;
    if (refusals.length > 0) this.#options.droppedRecords(refusals, remote);
    this.#calls += 1;
    const call = this.#calls;
    this.#open.set(call, (answer) => {
      if (answer.kind === 'refuse') respond(err({ code: REFUSAL_STATUS[answer.reason], details: answer.detail }));
      else respond(ok(answer.message as Reply));
    });
    try {
      this.#options.input(toInput(call, message));
    } catch (error) {
      // A mistake of ours. Whatever a peer says, it must not end the node.
      this.#open.delete(call);
      this.#options.refusedMessage('handler_failed', remote, String(error));
      respond(err({ code: status.UNKNOWN, details: 'the message could not be handled' }));
    }
  }

  /** Tells of a message that can not be used. */
  #refusal({ code, detail }: WireError, remote: string): Failure {
    this.#options.refusedMessage(code, remote, detail);
    return { code: status[WIRE_STATUS[code]], details: detail };
  }

  /**
   * Watches one call for an end before its message has been read: it was too large for the transport, badly compressed, or given up
   * by the caller. gRPC ends such a call on its own, past every handler.
   */
  #noticeUnread(call: ServerInterceptingCallInterface): ServerInterceptingCall {
    let read = false;
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMessage: (message, pass) => {
            read = true;
            pass(message);
          },
          onCancel: () => {
            if (!read)
              this.#options.refusedMessage('unread', call.getPeer(), 'the call ended before its message was read');
          },
        }),
    });
  }
}

function heartbeatInput(call: CallId, message: Heartbeat): Input {
  return { kind: 'heartbeatReceived', call, message };
}

function diffInput(call: CallId, message: Diff): Input {
  return { kind: 'diffReceived', call, message };
}

/** Answers the one message of a call. */
function inCall<Reply>(callback: sendUnaryData<Reply>): Respond<Reply> {
  return (outcome) => (outcome.ok ? callback(null, outcome.value) : callback(outcome.error));
}

/**
 * Answers one step by its number. Who sends faster than it takes the answers is not read from meanwhile, so that answers do not pile up.
 */
function onStream<Reply>(
  stream: StepStream,
  { number, step }: Pick<StepMessage, 'number' | 'step'>,
  { responseSerialize }: Pick<GossipMethod<unknown, Reply>, 'responseSerialize'>,
): Respond<Reply> {
  return (outcome) => {
    if (!stream.writable) return;
    const bytes = outcome.ok
      ? encodeStep({ number, step, message: responseSerialize(outcome.value) })
      : encodeStepRefusal({ number, step: 'refused', code: outcome.error.code, detail: outcome.error.details });
    if (stream.write(bytes)) return;
    stream.pause();
    stream.once('drain', () => stream.resume());
  };
}
