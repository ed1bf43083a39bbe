import { addCopyButtons } from './copy.js';
import { patch } from './patch.js';

/** Between two looks at the least, so that a storm of events is one change of the page. */
const REST_MS = 400;
/** Changes that are read out; of more it is told how many. */
const MAX_SPOKEN = 3;

/**
 * What came of asking for the page anew. `problem` is what the server found wrong with the question, `away` that there was no answer.
 *
 * @typedef {{ kind: 'done' } | { kind: 'problem', message: string } | { kind: 'away' }} Outcome
 */

/**
 * Makes the function that asks the server for this page as it is now and brings its live parts in line. Calls that come while one is
 * under way become one call after it.
 *
 * @param {(outcome: Outcome) => void} told
 * @returns {(asked: { byPerson: boolean }) => void}
 */
export function createRefresh(told) {
  let running = false;
  /** @type {{ byPerson: boolean } | undefined} */
  let waiting;

  /** @param {boolean} byPerson */
  async function run(byPerson) {
    running = true;
    told(await look(byPerson));
    setTimeout(() => {
      running = false;
      const next = waiting;
      waiting = undefined;
      if (next !== undefined) void run(next.byPerson);
    }, REST_MS);
  }

  return ({ byPerson }) => {
    if (running) waiting = { byPerson: byPerson || waiting?.byPerson === true };
    else void run(byPerson);
  };
}

/**
 * @param {boolean} byPerson
 * @returns {Promise<Outcome>}
 */
async function look(byPerson) {
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (answer.ok) {
      take(fresh, byPerson);
      return { kind: 'done' };
    }
    // Who is no longer known sees where to log in.
    if (answer.status === 401) location.reload();
    const message = fresh.getElementById('problem')?.textContent ?? `The node answered ${answer.status}.`;
    return answer.status < 500 ? { kind: 'problem', message } : { kind: 'away' };
  } catch {
    return { kind: 'away' };
  }
}

/**
 * @param {Document} fresh
 * @param {boolean} byPerson
 */
function take(fresh, byPerson) {
  if (styleOf(fresh) !== styleOf(document)) {
    // Another version of Muster answers: its page is not this one.
    location.reload();
    return;
  }
  addCopyButtons(fresh);
  const before = new Set(keysOfChanges());
  for (const part of document.querySelectorAll('[data-live]')) {
    const wanted = fresh.getElementById(part.id);
    if (wanted !== null) patch(part, wanted, !byPerson);
  }
  document.title = fresh.title;
  const clock = document.getElementById('pulse-text');
  const time = fresh.getElementById('pulse-text');
  if (clock !== null && time !== null) patch(clock, time, false);
  speak(byPerson ? narrowed() : newChanges(before));
}

/** @param {Document} page */
function styleOf(page) {
  return page.querySelector('link[rel=stylesheet]')?.getAttribute('href');
}

function keysOfChanges() {
  return [...document.querySelectorAll('.changes [data-key]')].map((line) => line.getAttribute('data-key'));
}

/** @param {Set<string | null>} before */
function newChanges(before) {
  const lines = [...document.querySelectorAll('.changes [data-key]')].filter(
    (line) => !before.has(line.getAttribute('data-key')),
  );
  const texts = lines.slice(0, MAX_SPOKEN).map((line) => line.querySelector('.told')?.textContent ?? '');
  return lines.length > MAX_SPOKEN
    ? `${texts.join('. ')}. And ${lines.length - MAX_SPOKEN} more changes.`
    : texts.join('. ');
}

function narrowed() {
  return document.querySelector('.shown')?.textContent ?? '';
}

/** @param {string} text */
function speak(text) {
  const spoken = document.getElementById('spoken');
  if (spoken !== null && text !== '') spoken.textContent = text;
}
