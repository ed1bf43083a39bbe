import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  type Server,
  status,
} from '@grpc/grpc-js';
import { invariant } from '../base/invariant.ts';

const SERVICE = 'grpc.health.v1.Health';
/** Requests come as bytes; answers are messages of the package. */
type Method = MethodDefinition<object, object>;
type Unary = handleUnaryCall<object, object>;
type Streaming = handleServerStreamingCall<object, object>;

const raw = (bytes: object): Buffer => bytes as Buffer;

/** Whether a service can be used, by the service's name; `''` is the server as a whole. */
export type HealthStatuses = Record<string, 'SERVING' | 'NOT_SERVING'>;

/** The package's service, loaded: how its messages are read and written, who answers, and how a status is changed. */
interface Loaded {
  readonly messages: Readonly<Record<string, Pick<Method, 'requestDeserialize' | 'responseSerialize'>>>;
  readonly handlers: Readonly<Record<string, unknown>>;
  readonly setStatus: (service: string, serving: HealthStatuses[string]) => void;
}

/**
 * The service `grpc.health.v1.Health`. The package that answers reads and parses its contract when it is loaded, which would cost every
 * start some tens of milliseconds and several MiB. So the first call loads it.
 */
export class Health {
  readonly #statuses: HealthStatuses;
  #loading: Promise<Loaded> | undefined;
  #loaded: Loaded | undefined;

  /** @param statuses of all services, as they are before the first change */
  constructor(statuses: Readonly<HealthStatuses>) {
    this.#statuses = { ...statuses };
  }

  addToServer(server: Server): void {
    server.addService(
      {
        Check: this.#method('Check'),
        List: this.#method('List'),
        Watch: { ...this.#method('Watch'), responseStream: true },
      },
      { Check: this.#unary('Check'), List: this.#unary('List'), Watch: this.#watch },
    );
  }

  setStatus(service: string, serving: HealthStatuses[string]): void {
    this.#statuses[service] = serving;
    this.#loaded?.setStatus(service, serving);
  }

  #method(name: string): Method {
    return {
      path: `/${SERVICE}/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: raw,
      requestDeserialize: raw,
      responseSerialize: (message) => this.#messages(name).responseSerialize(message),
      responseDeserialize: raw,
    };
  }

  #messages(name: string): Loaded['messages'][string] {
    const method = this.#loaded?.messages[name];
    invariant(method !== undefined, `the health package has ${name}, and answers only once it is loaded`);
    return method;
  }

  #unary(name: 'Check' | 'List'): Unary {
    const answer = async (...[call, callback]: Parameters<Unary>): Promise<void> => {
      try {
        const handler = (await this.#receive(name, call)) as Unary;
        handler(call, callback);
      } catch (error) {
        callback(failure(error));
      }
    };
    return (call, callback) => void answer(call, callback);
  }

  readonly #watch: Streaming = (call) =>
    void this.#receive('Watch', call).then(
      (handler) => (handler as Streaming)(call),
      (error: unknown) => call.emit('error', failure(error)),
    );

  /** Makes a message of the bytes that came, and gives the package's handler for it. */
  async #receive(name: string, call: { request: object }): Promise<unknown> {
    this.#loading ??= this.#import();
    const { handlers } = await this.#loading;
    call.request = this.#messages(name).requestDeserialize(call.request as Buffer);
    return handlers[name.toLowerCase()];
  }

  async #import(): Promise<Loaded> {
    const { HealthImplementation, service } = await import('grpc-health-check');
    const implementation = new HealthImplementation(this.#statuses);
    let handlers: Loaded['handlers'] = {};
    implementation.addToServer({
      addService: (_service, implemented) => {
        handlers = implemented;
      },
    });
    const setStatus: Loaded['setStatus'] = (name, serving) => implementation.setStatus(name, serving);
    const loaded = { messages: service, handlers, setStatus };
    this.#loaded = loaded;
    return loaded;
  }
}

function failure(error: unknown): { readonly code: status; readonly details: string } {
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
}
