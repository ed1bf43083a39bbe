/** A piece of the received bytes, looked at only once it is known to count. */
export class Span {
  start = 0;
  end = 0;

  get length(): number {
    return this.end - this.start;
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }
}
