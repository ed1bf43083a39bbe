import { Agent, request } from 'node:http';

/**
 * Sends requests over so many kept connections, each the next one as soon as it has its answer, until the server takes no new
 * connections. A request on a connection that was refused is no failure: the server never had it. Nor is one on a new connection that is
 * reset: the kernel does that to those that wait to be accepted when the listening socket closes.
 */
export class HttpLoad {
  /** Requests that were answered with 200. */
  answered = 0;
  /** What became of the others, on connections that the server had accepted. */
  readonly failures: string[] = [];
  /** Resolves when the server has refused every connection. */
  readonly ended: Promise<void>;
  readonly #url: string;
  readonly #agent: Agent;

  constructor(url: string, connections: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    const workers = Array.from({ length: connections }, async () => this.#work());
    this.ended = Promise.all(workers).then(() => this.#agent.destroy());
  }

  async #work(): Promise<void> {
    for (;;) {
      const outcome = await this.#send();
      if (outcome === 'ECONNREFUSED') return;
      if (outcome === '200') this.answered += 1;
      else if (this.failures.push(outcome) > 100) return;
    }
  }

  /** Sends one request and reads its answer to the end. */
  async #send(): Promise<string> {
    return new Promise((resolve) => {
      const sent = request(this.#url, { agent: this.#agent }, (response) => {
        response.once('error', (error) => resolve(`broken off: ${error.message}`));
        response.once('end', () => resolve(String(response.statusCode)));
        response.resume();
      });
      sent.once('error', ({ code, message }: NodeJS.ErrnoException) =>
        resolve(code === 'ECONNRESET' && !sent.reusedSocket ? 'ECONNREFUSED' : (code ?? message)),
      );
      sent.end();
    });
  }
}
