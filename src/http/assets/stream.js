/** The first wait before a stream that ended for good is opened anew; it doubles up to the last. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

/** What tells that a member is otherwise than before. */
const CHANGES = ['ADDED', 'MODIFIED', 'DELETED'];

/**
 * Follows the node's stream of changes for as long as the page can be seen. It mends itself: a stream that breaks is opened again, by
 * the browser or, where that gives up, here.
 *
 * @param {string} url
 * @param {{ opened: () => void, changed: () => void, lost: () => void }} told `opened` once what was missed is known to have passed
 */
export function followStream(url, told) {
  /** @type {EventSource | undefined} */
  let stream;
  let retry = 0;
  let wait = FIRST_RETRY_MS;

  function open() {
    clearTimeout(retry);
    stream?.close();
    const opened = new EventSource(url);
    stream = opened;
    let synced = false;
    // What comes before either of them is what there is already, or what came to pass while nobody listened.
    for (const name of ['SYNCED', 'BOOKMARK']) {
      opened.addEventListener(name, () => {
        if (synced) return;
        synced = true;
        wait = FIRST_RETRY_MS;
        told.opened();
      });
    }
    for (const name of CHANGES) {
      opened.addEventListener(name, () => {
        if (synced) told.changed();
      });
    }
    opened.addEventListener('error', () => {
      synced = false;
      told.lost();
      if (opened.readyState !== EventSource.CLOSED || stream !== opened) return;
      retry = setTimeout(open, wait);
      wait = Math.min(wait * 2, LAST_RETRY_MS);
    });
  }

  function close() {
    clearTimeout(retry);
    stream?.close();
    stream = undefined;
  }

  // A page that nobody sees costs the node nothing.
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? open() : close()));
  addEventListener('pagehide', close);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) open();
  });
  if (document.visibilityState === 'visible') open();
}
