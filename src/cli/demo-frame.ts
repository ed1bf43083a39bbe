import { demoTable, type View } from './demo-view.ts';
import { type ShownState, stateStyle } from './members-table.ts';
import { styled } from './table.ts';
import { truncated } from './terminal-text.ts';

/** What the screen of a demo shows. */
export interface Scene {
  readonly views: readonly View[];
  /** What has happened, the newest last; safe to print. */
  readonly events: readonly string[];
  readonly keys: {
    /** The place of the cluster that they act on. */
    readonly chosen: number;
    /** Where that one is reached; safe to print. */
    readonly details: string;
    /** Whether they are explained in place of what has happened. */
    readonly help: boolean;
  };
}

/** The size of a terminal in characters, and whether it has colours. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

const MOST_EVENTS = 6;
const FEWEST_EVENTS = 2;
const FEWEST_ROWS = 3;
/** Title, heading of the table, details, keys, four blank lines, and the line that the cursor stays on. */
const FIXED_LINES = 9;

const KEYS = ['↑↓ choose', 'k kill', 'p pause', 'c cut off', 'r restart', 'l relabel', '? help', 'q quit'];
const HELP = [
  'k kill     ends the process without a word (SIGKILL)',
  'p pause    stops the process (SIGSTOP); again: lets it go on (SIGCONT)',
  'c cut off  its network swallows all, in both directions; again: mends it',
  'r restart  ends it in peace if it runs, and starts it anew under its name',
  'l relabel  gives it another tier, through the HTTP API of its own agent',
  'A number or ↑ and ↓ choose the cluster. Any agent may be asked for its page.',
];

const STATE = /\b(?:HEALTHY|SUSPECTED_DEAD|DEAD|LEFT)\b/g;

/** Draws the screen: as many lines as fit, none wider than the terminal. Of a long table the part around the chosen cluster is shown. */
export function frameLines({ views, events, keys }: Scene, { columns, rows, color }: Canvas): string[] {
  const room = rows - FIXED_LINES;
  const eventRows = Math.max(FEWEST_EVENTS, Math.min(MOST_EVENTS, room - views.length));
  const tableRows = Math.max(FEWEST_ROWS, room - eventRows);
  const [heading = '', ...table] = demoTable(views, { width: columns, color, chosen: keys.chosen });
  const count = views.length === 1 ? '1 real agent' : `${views.length} real agents`;
  const said = keys.help ? HELP.slice(0, eventRows) : events.slice(-eventRows);
  const fit = (line: string): string => truncated(line, columns);
  return [
    styled(fit(`muster demo · ${count} on this machine, each a made-up cluster`), 'title', color),
    '',
    heading,
    ...windowOf(table, keys.chosen, tableRows).map((line) => (typeof line === 'string' ? line : fit(line.more))),
    '',
    styled(fit(keys.details), 'faint', color),
    '',
    ...Array.from({ length: eventRows }, (_, at) => inColours(fit(said[at] ?? ''), color)),
    '',
    keysLine(columns),
  ];
}

/** An event with its states in their colours. */
function inColours(line: string, color: boolean): string {
  return line.replaceAll(STATE, (state) => styled(state, stateStyle(state as ShownState), color));
}

/** As many keys as fit; the last two, by which the others are found and all is ended, are always among them. */
function keysLine(columns: number): string {
  for (let kept = KEYS.length - 2; kept >= 0; kept -= 1) {
    const line = [...KEYS.slice(0, kept), ...KEYS.slice(-2)].join('   ');
    if (line.length <= columns) return line;
  }
  return truncated('? help', columns);
}

/** The lines around one of them, as many as there is room for; where some are left out, a line that counts them. */
function windowOf(
  lines: readonly string[],
  chosen: number,
  room: number,
): readonly (string | { readonly more: string })[] {
  if (lines.length <= room) return lines;
  const shown = room - 1;
  const from = Math.max(0, Math.min(chosen - Math.floor(shown / 2), lines.length - shown));
  const more = `    … ${from} more above, ${lines.length - from - shown} below`;
  return [...lines.slice(from, from + shown), { more }];
}
