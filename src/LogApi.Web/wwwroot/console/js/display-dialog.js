// Which columns there are, and how the rows stand.

import { COLUMNS, COLUMN_NAMES } from './columns.js';
import { openDialog, select } from './dialog.js';
import { element } from './dom.js';

/** Each change is shown at once: `apply` takes the part of the view that has changed. */
export function displayDialog(view, apply) {
  const made = element('form', {
    onchange: () => apply({
      columns: COLUMN_NAMES.filter((name) => made.elements[`column-${name}`].checked),
      newest: made.elements.newest.value, time: made.elements.time.value, wrap: made.elements.wrap.checked,
    }),
  },
  element('fieldset', {}, element('legend', {}, 'Columns'), element('div', { class: 'checks' }, ...COLUMN_NAMES.map((name) => check(`column-${name}`, COLUMNS[name].title, view.columns.includes(name))))),
  element('label', {}, element('span', {}, 'Newest entries'), select('newest', view.newest, [['top', 'on top'], ['bottom', 'at the bottom']])),
  element('label', {}, element('span', {}, 'Times'), select('time', view.time, [['absolute', 'absolute, of this time zone'], ['relative', 'relative to now']])),
  check('wrap', 'Wrap long queries', view.wrap));
  made.addEventListener('submit', (event) => event.preventDefault());
  openDialog('Columns and rows', made);
}

const check = (name, title, isChecked) => element('label', { class: 'check' }, element('input', { type: 'checkbox', name, checked: isChecked }), element('span', {}, title));
