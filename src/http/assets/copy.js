const DONE_MS = 1_500;

/**
 * Puts a button beside everything that is worth copying. Without scripts there is none, for it would do nothing.
 *
 * @param {Document} page
 */
export function addCopyButtons(page) {
  for (const source of page.querySelectorAll('[data-copy]')) {
    const button = page.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy ${source.getAttribute('data-copy') || source.textContent}`);
    const place = source.closest('pre') ?? source;
    const below = place.nextElementSibling;
    if (below?.matches('small')) below.append(button);
    else place.after(button);
  }
}

/** Makes the buttons of {@link addCopyButtons} work, also those that come later. */
export function followCopyButtons() {
  document.addEventListener('click', ({ target }) => {
    if (target instanceof HTMLButtonElement && target.matches('.copy')) void answer(target);
  });
}

/** @param {HTMLButtonElement} button */
async function answer(button) {
  const source = button.closest('td, dd, .command')?.querySelector('[data-copy]') ?? null;
  if (source === null) return;
  button.textContent = (await copy(source)) ? 'Copied' : 'Selected';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, DONE_MS);
}

/**
 * @param {Element} source
 * @returns {Promise<boolean>} false when it could only be selected: a page that came over plain HTTP may not write to the clipboard
 */
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    return false;
  }
}
