// Brings a part of the page in line with the same part of a page that was made later, with as few changes as it can: what has not
// changed keeps its place, its focus and its selection.

/** Set for a moment on what has changed. No page that the server makes has it. */
const CHANGED = 'data-changed';
const CHANGED_MS = 4_000;

/**
 * @param {Element} live
 * @param {Element} fresh of another document; left as it is
 * @param {boolean} marking whether rows that changed are marked for a moment
 */
export function patch(live, fresh, marking) {
  if (live.isEqualNode(fresh)) return;
  const mark = fresh.getAttribute('data-mark');
  if (marking && mark !== null && mark !== live.getAttribute('data-mark')) markChanged(live);
  patchAttributes(live, fresh);
  if ([...live.children, ...fresh.children].some((child) => keyOf(child) !== null)) patchKeyed(live, fresh, marking);
  else patchInOrder(live, fresh, marking);
}

/**
 * @param {Element} live
 * @param {Element} fresh
 */
function patchAttributes(live, fresh) {
  for (const { name } of Array.from(live.attributes)) {
    if (name !== CHANGED && !fresh.hasAttribute(name)) live.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
}

/**
 * Children with keys are the same when their keys are, wherever they stand. Those without are the first without of their name.
 *
 * @param {Element} live
 * @param {Element} fresh
 * @param {boolean} marking
 */
function patchKeyed(live, fresh, marking) {
  const wanted = new Set([...fresh.children].map(identity));
  const known = new Map();
  for (const child of Array.from(live.children)) {
    if (wanted.has(identity(child)) && !known.has(identity(child))) known.set(identity(child), child);
    else child.remove();
  }
  let at = live.firstElementChild;
  for (const child of fresh.children) {
    const match = known.get(identity(child));
    if (match === undefined) {
      const added = document.importNode(child, true);
      live.insertBefore(added, at);
      if (marking && added.hasAttribute('data-mark')) markChanged(added);
      continue;
    }
    if (match === at) at = at?.nextElementSibling ?? null;
    else live.insertBefore(match, at);
    patch(match, child, marking);
  }
}

/**
 * @param {Element} live
 * @param {Element} fresh
 * @param {boolean} marking
 */
function patchInOrder(live, fresh, marking) {
  const now = [...live.childNodes];
  for (const [index, wanted] of [...fresh.childNodes].entries()) {
    const node = now[index];
    if (node === undefined) live.append(document.importNode(wanted, true));
    else if (node instanceof Element && wanted instanceof Element && node.nodeName === wanted.nodeName) {
      patch(node, wanted, marking);
    } else if (!node.isEqualNode(wanted)) node.replaceWith(document.importNode(wanted, true));
  }
  for (const node of now.slice(fresh.childNodes.length)) node.remove();
}

/** @param {Element} element */
function keyOf(element) {
  return element.getAttribute('data-key');
}

/** @param {Element} element */
function identity(element) {
  return `${element.nodeName} ${keyOf(element) ?? ''}`;
}

/** @param {Element} element */
function markChanged(element) {
  element.setAttribute(CHANGED, '');
  setTimeout(() => element.removeAttribute(CHANGED), CHANGED_MS);
}
