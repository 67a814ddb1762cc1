// What every dialog is made of: the <dialog> itself, a form that says what went wrong, and its fields.

import { element } from './dom.js';

/** Opens a dialog over the page. It keeps the focus, closes on Escape, and gives the focus back to where it was. */
export function openDialog(title, ...content) {
  const dialog = element('dialog', { 'aria-label': title },
    element('header', { class: 'dialog-header' }, element('h2', {}, title), element('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => dialog.close() }, '✕')),
    ...content);
  dialog.addEventListener('close', () => dialog.remove());
  // Where the press begins counts: a selection that ends outside is no wish to leave.
  dialog.addEventListener('pointerdown', (event) => isOutside(dialog, event) && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  // To the first thing that can be filled in, rather than to the way out.
  dialog.querySelector('form :is(input, select, textarea)')?.focus();
  return dialog;
}

/**
 * A form that says in words what went wrong and keeps what was typed. `help(fault)` may give an element to show beside the words.
 */
export function form(fields, label, submit, { help = () => null } = {}) {
  const problem = element('p', { class: 'problem', role: 'alert' });
  const button = element('button', { type: 'submit', class: 'primary' }, label);
  const made = element('form', { novalidate: true }, ...fields, problem, button);
  made.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isBusy(button)) return;
    problem.textContent = '';
    mark(made, []);
    setBusy(button, true);
    try {
      await submit(made);
    } catch (fault) {
      problem.replaceChildren(...[fault.message, help(fault)].filter((part) => part !== null));
      mark(made, Object.keys(fault.errors ?? {}));
    } finally {
      setBusy(button, false);
    }
  });
  return made;
}

/** Keeps a button from doing anything for now. A disabled one would lose the focus, and with it every key. */
export function setBusy(button, busy) {
  button.setAttribute('aria-disabled', String(busy));
}

export const isBusy = (button) => button.getAttribute('aria-disabled') === 'true';

function isOutside(dialog, { target, clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return target === dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom);
}

// The fields that the words are about, for those who can't see where they stand; the first one gets the focus.
function mark(made, names) {
  for (const input of made.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
  const wrong = names.map((name) => made.elements.namedItem(name)).filter((input) => input instanceof HTMLElement);
  for (const input of wrong) input.setAttribute('aria-invalid', 'true');
  wrong[0]?.focus();
}

export const field = (name, label, properties = {}) => element('label', {}, element('span', {}, label), element('input', { name, ...properties }));

export const select = (name, value, options) => element('select', { name }, ...options.map(([key, text]) => element('option', { value: key, selected: key === value }, text)));
