import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { eventually } from '../test/helpers/eventually.ts';
import { demoSvg, type Frame } from './demo-svg.ts';

// Makes the recording of the documentation: plays `muster demo` in a terminal of tmux, presses keys, and looks at the screen ten times
// a second. Nothing is left out and nothing is sped up.

const FILE = 'docs/images/demo.svg';
const COLUMNS = 104;
const ROWS = 22;
const LOOK_MS = 100;
const PATIENCE_MS = 60_000;

const frames: Frame[] = [];
let beganAt = 0;

tmux(
  'new-session',
  '-d',
  '-x',
  String(COLUMNS),
  '-y',
  String(ROWS),
  '-s',
  'demo',
  'exec node dist/src/cli/main.js demo',
);
tmux('set-option', '-g', 'status', 'off');
const camera = setInterval(look, LOOK_MS);
try {
  await seen(/all 5 clusters see 5 HEALTHY,/);
  await delay(2_500);
  press('3');
  await delay(1_200);
  press('k');
  await seen(/tokyo is DEAD everywhere/);
  await delay(2_500);
  press('r');
  await seen(/all 5 clusters see 5 HEALTHY again/);
  await delay(2_500);
  press('l');
  await seen(/tokyo has tier=edge everywhere/);
  await delay(4_000);
  look();
  const duration = performance.now() - beganAt;
  writeFileSync(FILE, demoSvg(frames, duration, COLUMNS, 'npm run demo'));
} finally {
  clearInterval(camera);
  press('q');
  await eventually({
    what: 'the demo has ended',
    deadlineMs: PATIENCE_MS,
    read: isOver,
    until: (over) => over,
  });
}

/** Runs a command of a tmux of our own, which takes no configuration of its user's. */
function tmux(...args: readonly string[]): string {
  const environment = { ...process.env, TERM: 'xterm-256color', NO_COLOR: '' };
  const server = ['-L', `muster-record-${process.pid}`, '-f', '/dev/null'];
  return execFileSync('tmux', [...server, ...args], {
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Keeps what the terminal shows, where it has changed. */
function look(): void {
  const lines = tmux('capture-pane', '-ep', '-t', 'demo').trimEnd().split('\n');
  if (lines.every((line) => line.trim() === '')) return;
  if (frames.length === 0) beganAt = performance.now();
  if (frames.at(-1)?.lines.join('\n') === lines.join('\n')) return;
  frames.push({ at: performance.now() - beganAt, lines });
}

function press(key: string): void {
  tmux('send-keys', '-t', 'demo', key);
}

async function seen(what: RegExp): Promise<void> {
  await eventually({
    what: `the demo shows ${what}`,
    deadlineMs: PATIENCE_MS,
    read: () => stripVTControlCharacters(frames.at(-1)?.lines.join('\n') ?? ''),
    until: (text) => what.test(text),
  });
}

/** The server of tmux ends with its last session. */
function isOver(): boolean {
  try {
    tmux('has-session');
    return false;
  } catch {
    return true;
  }
}
