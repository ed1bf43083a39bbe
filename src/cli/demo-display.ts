import { type View, viewText } from './demo-view.ts';
import { timeOfDay } from './members-changes.ts';
import type { StandardOutput } from './standard-output.ts';
import { visible } from './terminal-text.ts';

/** Where a demo shows what happens. */
export interface DemoDisplay {
  /** Says something that stays, with the time. */
  say(line: string): void;
  /** Shows the views as they are now. */
  update(views: readonly View[]): void;
  close(): void;
}

/** For a file or a pipe: a line whenever the view of an agent changes. */
export function linesDisplay(output: StandardOutput): DemoDisplay {
  const told = new Map<string, string>();
  const say = (line: string): void => output.write(`${stamped(line)}\n`);
  return {
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

/** A line with the time of day, safe to print. */
export function stamped(line: string): string {
  return `${timeOfDay()} ${visible(line)}`;
}
