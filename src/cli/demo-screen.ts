import { type DemoDisplay, stamped } from './demo-display.ts';
import { frameLines, type Scene } from './demo-frame.ts';
import { DemoStory } from './demo-story.ts';
import type { View } from './demo-view.ts';
import { LiveScreen } from './live-screen.ts';
import type { StandardOutput } from './standard-output.ts';

const REDRAW_MS = 1_000;
const KEPT_EVENTS = 20;

/** For a terminal: a live table, and beneath it what the mesh notices. */
export class DemoScreen implements DemoDisplay {
  readonly #output: StandardOutput;
  readonly #screen: LiveScreen;
  readonly #timer: NodeJS.Timeout;
  readonly #story = new DemoStory();
  #views: readonly View[] = [];
  #events: readonly string[] = [];
  #keys: (() => Scene['keys']) | undefined;
  #drawn = '';

  constructor(output: StandardOutput) {
    this.#output = output;
    this.#screen = new LiveScreen(output);
    this.#timer = setInterval(() => this.draw(), REDRAW_MS);
    output.onResize(() => this.draw());
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

  introduce(lines: readonly string[]): void {
    this.#screen.print(lines);
  }

  say(line: string): void {
    this.#add([line]);
    this.draw();
  }

  update(views: readonly View[]): void {
    this.#views = views;
    this.#add(this.#story.saw(views, performance.now()));
    this.draw();
  }

  draw(): void {
    if (this.#views.length === 0) return;
    const { columns = 80, rows = 24 } = this.#output.size() ?? {};
    const keys = this.#keys?.();
    const scene = { views: this.#views, events: this.#events, ...(keys === undefined ? {} : { keys }) };
    const lines = frameLines(scene, { columns, rows, color: this.#output.color });
    const drawn = lines.join('\n');
    if (drawn !== this.#drawn) this.#screen.draw(lines);
    this.#drawn = drawn;
  }

  close(): void {
    clearInterval(this.#timer);
    this.draw();
    this.#screen.close();
  }

  #add(lines: readonly string[]): void {
    this.#events = [...this.#events, ...lines.map(stamped)].slice(-KEPT_EVENTS);
  }
}
