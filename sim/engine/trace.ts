/**
 * A running hash of everything that happens (FNV-1a, 64 bits in two halves, on UTF-16 units): two runs with the same hash were the same
 * to the last event.
 */
export class Trace {
  #high = 0xcbf29ce4;
  #low = 0x84222325;
  #events = 0;

  get events(): number {
    return this.#events;
  }

  /** Sixteen hexadecimal digits. */
  get hash(): string {
    return [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  add(event: string): void {
    this.#events += 1;
    for (let index = 0; index < event.length; index += 1) this.#mix(event.charCodeAt(index));
    this.#mix(0);
  }

  /** One step: xor, then times the 64-bit prime 2^40 + 0x1b3, modulo 2^64. */
  #mix(unit: number): void {
    const low = (this.#low ^ unit) >>> 0;
    const product = low * 0x1b3;
    const carry = Math.floor(product / 0x1_0000_0000);
    this.#high = (Math.imul(this.#high, 0x1b3) + (low << 8) + carry) >>> 0;
    this.#low = product >>> 0;
  }
}
