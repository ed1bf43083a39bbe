import type { Socket } from 'node:net';

const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';
const UNREACHABLE = 'HTTP/1.1 502 Bad Gateway\r\n\r\n';

/**
 * One connection from an agent to a peer, passed on by the demo. While it is cut, nothing passes in either direction, neither a byte nor
 * an end, and nobody is told: as with a cable that was pulled. What was on its way arrives when it is mended.
 */
export class Link {
  readonly #near: Socket;
  readonly #dial: () => Socket;
  #far: Socket | undefined;
  #isCut: boolean;
  #established = false;
  #over = false;

  /**
   * @param near the caller, who has asked for a tunnel and waits for the answer
   * @param dial connects to the peer
   */
  constructor(near: Socket, dial: () => Socket, isCut: boolean) {
    this.#near = near;
    this.#dial = dial;
    this.#isCut = isCut;
    this.#watch(near);
    if (!isCut) this.#call();
  }

  /** Tells whether either end has closed. */
  get over(): boolean {
    return this.#over;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of [this.#near, this.#far]) socket?.unpipe().pause();
  }

  mend(): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    if (this.#over) this.destroy();
    else if (this.#far === undefined) this.#call();
    else this.#pass();
  }

  destroy(): void {
    this.#near.destroy();
    this.#far?.destroy();
  }

  #call(): void {
    const far = this.#dial();
    this.#far = far;
    far.once('connect', () => {
      this.#established = true;
      this.#near.write(ESTABLISHED);
      this.#pass();
    });
    this.#watch(far);
  }

  #pass(): void {
    if (this.#isCut || !this.#established || this.#far === undefined) return;
    this.#near.pipe(this.#far);
    this.#far.pipe(this.#near);
  }

  #watch(socket: Socket): void {
    // It closes next.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#over = true;
      if (this.#isCut) return;
      if (!this.#established && socket === this.#far) this.#near.end(UNREACHABLE);
      else this.destroy();
    });
  }
}
