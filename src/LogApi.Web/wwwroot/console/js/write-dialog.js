// Writing an entry, to see that the service works.

import * as api from './api.js';
import { field, form, openDialog } from './dialog.js';
import { element } from './dom.js';
import { signInAgain } from './sign-in-dialog.js';

const MOST_ATTRIBUTES = 32;

export function writeDialog(onWritten) {
  const attributes = attributeRows();
  const dialog = openDialog('Write a test entry',
    form([
      element('p', { class: 'hint' }, 'It is an entry like every other one, and stays in the log.'),
      element('label', {}, element('span', {}, 'Query'), element('textarea', { name: 'query', rows: '3', required: true, autofocus: true })),
      field('status', 'Status', { value: 'SUCCESS', maxlength: '64', required: true, autocomplete: 'off' }),
      field('occurred_at', 'Happened at, if it was before now', { type: 'datetime-local', step: '0.001' }),
      attributes.part,
    ], 'Write', async (made) => {
      const entry = await api.writeLog({
        query: made.query.value,
        status: made.status.value,
        ...(made.occurred_at.value ? { occurred_at: new Date(made.occurred_at.value).toISOString() } : {}),
        ...attributes.read(),
      });
      dialog.close();
      onWritten(entry);
    }, { help: signInAgain }));
}

/** Gives { part, read }: rows of a name and a value each, and what they hold as a member of a request. */
function attributeRows() {
  const rows = element('div', { class: 'attribute-rows' });
  const add = element('button', { type: 'button', onclick: () => addRow().querySelector('input').focus() }, 'Add an attribute');
  const count = () => { add.disabled = rows.children.length >= MOST_ATTRIBUTES; };
  const addRow = () => {
    const row = element('div', { class: 'attribute-row' },
      element('input', { 'aria-label': 'Name of the attribute', placeholder: 'name', maxlength: '64', autocomplete: 'off' }),
      element('input', { 'aria-label': 'Value of the attribute', placeholder: 'value', maxlength: '1024', autocomplete: 'off' }),
      element('button', {
        type: 'button', class: 'quiet', 'aria-label': 'Remove the attribute', onclick: () => { row.remove(); count(); add.focus(); },
      }, '✕'));
    rows.append(row);
    count();
    return row;
  };
  const read = () => {
    const pairs = [...rows.children].map((row) => [...row.querySelectorAll('input')].map((input) => input.value)).filter(([name, value]) => name || value);
    const names = pairs.map(([name]) => name);
    if (names.some((name) => name === '')) throw new Error('Each attribute needs a name.');
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw new Error(`The attribute “${twice}” is there twice.`);
    return pairs.length > 0 ? { attributes: Object.fromEntries(pairs) } : {};
  };
  return { part: element('fieldset', {}, element('legend', {}, 'Attributes'), rows, add), read };
}
