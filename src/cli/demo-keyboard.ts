import { emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { commandOf, type DemoCommand } from './demo-keys.ts';

/** The keys of a terminal, each as it is pressed. */
export class Keyboard {
  readonly #input: ReadStream;
  readonly #asked: (command: DemoCommand) => void;

  /** Takes the keys until {@link Keyboard.close}. Where the process ends before that, Node.js gives the terminal back. */
  constructor(input: ReadStream, asked: (command: DemoCommand) => void) {
    this.#input = input;
    this.#asked = asked;
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.on('keypress', this.#pressed);
    // The terminal is gone.
    input.on('end', this.#quit);
    // Whoever stopped the demo and lets it go on, as a shell does, has set the terminal otherwise.
    process.on('SIGCONT', this.#takeAgain);
    input.resume();
  }

  /** Gives the terminal back as it was. */
  close(): void {
    process.off('SIGCONT', this.#takeAgain);
    this.#input.off('keypress', this.#pressed);
    this.#input.off('end', this.#quit);
    this.#input.pause();
    this.#input.setRawMode(false);
  }

  readonly #pressed = (text: string | undefined, key: Key): void => {
    const command = commandOf(text, key);
    if (command !== undefined) this.#asked(command);
  };

  readonly #quit = (): void => this.#asked({ do: 'quit' });

  readonly #takeAgain = (): void => {
    this.#input.setRawMode(true);
  };
}
