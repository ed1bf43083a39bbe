import type { StandardOutput } from './standard-output.ts';

const ESC = '\u001B[';
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
const CLEAR_LINE_REST = `${ESC}K`;
const CLEAR_BELOW = `${ESC}J`;
const CLEAR_ALL = `${ESC}H${ESC}2J`;
/** Lines above the block that are printed again when the terminal has another size. */
const KEPT_LINES = 200;

/**
 * A block of lines at the bottom of a terminal that is drawn again and again in its place. Lines that are to stay are printed above
 * it. What it is given must be safe, and no line wider than the terminal.
 */
export class LiveScreen {
  readonly #output: StandardOutput;
  #drawn = 0;
  #block: readonly string[] = [];
  /** What was printed above the block, as far as it may still be in sight. */
  #above: readonly string[] = [];

  /** Hides the cursor until {@link LiveScreen.close}, or until the process ends in whatever way. */
  constructor(output: StandardOutput) {
    this.#output = output;
    process.on('exit', this.#showCursor);
    output.write(HIDE_CURSOR);
    output.onResize(() => {
      // The terminal has wrapped what was there: where the block begins now is not known.
      output.write(CLEAR_ALL);
      this.#drawn = 0;
      this.#write(this.#above);
    });
  }

  /** Draws the block in place of the former one. Lines that the terminal is too low for are left out and counted. */
  draw(lines: readonly string[]): void {
    this.#block = lines;
    this.#write([]);
  }

  /** Prints lines that stay, above the block. */
  print(lines: readonly string[]): void {
    this.#above = [...this.#above, ...lines].slice(-KEPT_LINES);
    this.#write(lines);
  }

  /** Leaves the block as it is and gives the cursor back. */
  close(): void {
    process.off('exit', this.#showCursor);
    this.#showCursor();
  }

  readonly #showCursor = (): void => {
    this.#output.write(SHOW_CURSOR);
  };

  #write(above: readonly string[]): void {
    const block = this.#fitting();
    const up = this.#drawn > 0 ? `${ESC}${this.#drawn}A` : '';
    const text = [...above, ...block].map((line) => `${line}${CLEAR_LINE_REST}\n`).join('');
    this.#output.write(`${up}\r${text}${CLEAR_BELOW}`);
    this.#drawn = block.length;
  }

  /** The block, shortened to what can be overwritten: what has scrolled away can not. */
  #fitting(): readonly string[] {
    const most = Math.max(1, (this.#output.size()?.rows ?? Number.POSITIVE_INFINITY) - 1);
    if (this.#block.length <= most) return this.#block;
    const kept = this.#block.slice(0, most - 1);
    return [...kept, `… and ${this.#block.length - kept.length} more lines`];
  }
}
