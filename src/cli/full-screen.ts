import type { StandardOutput } from './standard-output.ts';

const ESC = '\u001B[';
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}2J`;
const LEAVE = `${ESC}?25h${ESC}?1049l`;
const HOME = `${ESC}H`;
const CLEAR_LINE = `${ESC}2K`;
const CLEAR_BELOW = `${ESC}J`;

/**
 * The whole terminal, drawn anew from its first line each time. What was there before is back at the end, with the last picture beneath it.
 * What it is given must be safe, no line wider than the terminal, and fewer lines than that has.
 */
export class FullScreen {
  readonly #output: StandardOutput;
  #drawn = '';

  /** Takes the terminal until {@link FullScreen.close}, or until the process ends in whatever way that lets it say so. */
  constructor(output: StandardOutput) {
    this.#output = output;
    process.on('exit', this.#leave);
    output.write(ENTER);
  }

  /** Draws lines in place of the former ones. The same lines again cost nothing. */
  draw(lines: readonly string[]): void {
    // Cleared before it is written: behind a full line the cursor still stands on its last character.
    const text = lines.map((line) => `${CLEAR_LINE}${line}\r\n`).join('');
    if (text !== this.#drawn) this.#output.write(`${HOME}${text}${CLEAR_BELOW}`);
    this.#drawn = text;
  }

  /** The next picture is drawn even if it is the same: who knows what is on the screen. */
  forget(): void {
    this.#drawn = '';
  }

  close(): void {
    process.off('exit', this.#leave);
    this.#leave();
    this.#output.write(this.#drawn.replaceAll(CLEAR_LINE, ''));
  }

  readonly #leave = (): void => {
    this.#output.write(LEAVE);
  };
}
