import { addCopyButtons, followCopyButtons } from './copy.js';
import { followForm, showProblem } from './find.js';
import { createRefresh } from './refresh.js';
import { followStream } from './stream.js';

// The page is whole without this. With it the page stays true by itself: the node tells that something has changed, and what it has
// become is asked for in the form that the server makes of it.

const main = document.querySelector('main');
const watch = main?.getAttribute('data-watch') ?? '';
const everyMs = Number(main?.getAttribute('data-refresh')) * 1_000;
let live = false;

const refresh = createRefresh((outcome) => {
  if (outcome.kind === 'away') return;
  showProblem(outcome.kind === 'problem' ? outcome.message : '');
});

/** @param {'live' | 'lost'} state */
function showPulse(state) {
  live = state === 'live';
  const pulse = document.getElementById('pulse');
  const name = document.getElementById('pulse-name');
  if (pulse === null || name === null || pulse.dataset['pulse'] === state) return;
  pulse.dataset['pulse'] = state;
  name.textContent = live ? 'Live.' : 'Not connected, trying again.';
}

document.documentElement.classList.add('scripted');
addCopyButtons(document);
followCopyButtons();
followForm(() => refresh({ byPerson: true }));
if (watch !== '') {
  followStream(watch, {
    opened: () => {
      showPulse('live');
      refresh({ byPerson: false });
    },
    changed: () => refresh({ byPerson: false }),
    lost: () => {
      showPulse('lost');
      // The node may be there and refuse the stream: its answer to this tells.
      refresh({ byPerson: false });
    },
  });
  // No event tells that a member has been heard of again: the ages are asked for now and then.
  setInterval(() => {
    if (live && document.visibilityState === 'visible') refresh({ byPerson: false });
  }, everyMs);
}
