import { type DemoDisplay, stamped } from './demo-display.ts';
import { frameLines, type Scene } from './demo-frame.ts';
import { DemoStory } from './demo-story.ts';
import type { View } from './demo-view.ts';
import { FullScreen } from './full-screen.ts';
import type { StandardOutput } from './standard-output.ts';

const REDRAW_MS = 1_000;
/** Answers of agents within this time are looked at together: of fifty there is one every few milliseconds. */
const GATHER_MS = 100;
const KEPT_EVENTS = 20;

/** For a terminal with keys: a live table, and beneath it what the mesh notices. */
export class DemoScreen implements DemoDisplay {
  readonly #output: StandardOutput;
  readonly #screen: FullScreen;
  readonly #timer: NodeJS.Timeout;
  readonly #story = new DemoStory();
  #views: readonly View[] = [];
  #events: readonly string[] = [];
  #isOpen = true;
  #gathering: NodeJS.Timeout | undefined;
  #keys: (() => Scene['keys']) | undefined;

  constructor(output: StandardOutput) {
    this.#output = output;
    this.#screen = new FullScreen(output);
    this.#timer = setInterval(() => this.draw(), REDRAW_MS);
    output.onResize(() => {
      this.#screen.forget();
      this.draw();
    });
  }

  /** From now on it shows what keys do; `state` is asked at every draw. */
  showKeys(state: () => Scene['keys']): void {
    this.#keys = state;
    this.draw();
  }

  /** Notes what was done to a cluster: what the mesh notices of it is timed from now. */
  did(cluster: string, deed: string): void {
    this.#story.did(cluster, deed, performance.now());
  }

  say(line: string): void {
    // What was gathered happened before.
    if (this.#gathering !== undefined) this.#look();
    this.#add([line]);
    this.draw();
  }

  update(views: readonly View[]): void {
    this.#views = views;
    this.#gathering ??= setTimeout(() => this.#look(), GATHER_MS);
  }

  draw(): void {
    if (!this.#isOpen || this.#views.length === 0 || this.#keys === undefined) return;
    const { columns = 80, rows = 24 } = this.#output.size() ?? {};
    const scene = { views: this.#views, events: this.#events, keys: this.#keys() };
    this.#screen.draw(frameLines(scene, { columns, rows, color: this.#output.color }));
  }

  /** Gives the terminal back. What is said after that is lost. */
  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#gathering);
    this.draw();
    this.#isOpen = false;
    this.#screen.close();
  }

  #look(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#add(this.#story.saw(this.#views, performance.now()));
    this.draw();
  }

  #add(lines: readonly string[]): void {
    this.#events = [...this.#events, ...lines.map(stamped)].slice(-KEPT_EVENTS);
  }
}
