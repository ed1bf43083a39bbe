import { demoTable, type View, viewText } from './demo-view.ts';
import { LiveScreen } from './live-screen.ts';
import { timeOfDay } from './members-changes.ts';
import type { StandardOutput } from './standard-output.ts';
import { visible } from './terminal-text.ts';

const REDRAW_MS = 1_000;

/** Where a demo shows what happens. */
export interface DemoDisplay {
  /** Prints lines that stay, as they are. */
  introduce(lines: readonly string[]): void;
  /** Says something that stays, with the time. */
  say(line: string): void;
  /** Shows the views as they are now. */
  update(views: readonly View[]): void;
  close(): void;
}

/** On a terminal a live table beneath all that was said; elsewhere a line whenever the view of an agent changes. */
export function demoDisplay(output: StandardOutput): DemoDisplay {
  return output.terminal ? tableDisplay(output) : linesDisplay(output);
}

function tableDisplay(output: StandardOutput): DemoDisplay {
  const screen = new LiveScreen(output);
  let latest: readonly View[] = [];
  const draw = (): void => {
    if (latest.length === 0) return;
    screen.draw(['', ...demoTable(latest, { width: output.size()?.columns, color: output.color })]);
  };
  const timer = setInterval(draw, REDRAW_MS);
  return {
    introduce: (lines) => screen.print(lines),
    say: (line) => screen.print([stamped(line)]),
    update(views) {
      const isFirst = latest.length === 0;
      latest = views;
      if (isFirst) draw();
    },
    close() {
      clearInterval(timer);
      draw();
      screen.close();
    },
  };
}

function linesDisplay(output: StandardOutput): DemoDisplay {
  const told = new Map<string, string>();
  const say = (line: string): void => output.write(`${stamped(line)}\n`);
  return {
    introduce: (lines) => output.write(lines.map((line) => `${line}\n`).join('')),
    say,
    update(views) {
      for (const view of views) {
        const text = viewText(view);
        if (view.condition === 'asked' || told.get(view.cluster.name) === text) continue;
        told.set(view.cluster.name, text);
        // That an agent has ended is said with the reason.
        if (view.condition !== 'ended') say(`${view.cluster.name} ${text}`);
      }
    },
    close: () => undefined,
  };
}

function stamped(line: string): string {
  return `${timeOfDay()} ${visible(line)}`;
}
