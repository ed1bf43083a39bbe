/** After the last key, before the list follows. */
const TYPING_MS = 250;

/**
 * Lets the list follow the form while it is filled in. The address follows too, so that it can be shared.
 *
 * @param {() => void} changed
 */
export function followForm(changed) {
  const form = document.getElementById('find');
  if (!(form instanceof HTMLFormElement)) return;
  let typing = 0;

  function apply() {
    clearTimeout(typing);
    const address = addressOf(/** @type {HTMLFormElement} */ (form));
    if (address === location.href) return;
    history.replaceState(null, '', address);
    changed();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    apply();
  });
  form.addEventListener('change', apply);
  form.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(apply, TYPING_MS);
  });
}

/**
 * Shows what is wrong with what was filled in; nothing when it is right.
 *
 * @param {string} message
 */
export function showProblem(message) {
  const place = document.getElementById('find-problem');
  if (place !== null && place.textContent !== message) place.textContent = message;
}

/** @param {HTMLFormElement} form */
function addressOf(form) {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value !== '') address.searchParams.append(name, value);
  }
  if (address.searchParams.get('sort') === 'name') address.searchParams.delete('sort');
  return address.href;
}
