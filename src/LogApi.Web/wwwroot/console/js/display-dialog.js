// Which columns there are, and how the rows stand.

import { openDialog, select } from './dialog.js';
import { element } from './dom.js';
import { COLUMNS } from './view.js';

const COLUMN_TITLES = { seq: 'Number', time: 'Time', status: 'Status', user: 'User', query: 'Query', attributes: 'Attributes', id: 'Id' };

export function displayDialog(view, apply) {
  const made = element('form', {
    onchange: () => apply({
      columns: COLUMNS.filter((name) => made.elements[name].checked),
      newest: made.newest.value, time: made.time.value, wrap: made.wrap.checked,
    }),
  },
  element('fieldset', {}, element('legend', {}, 'Columns'), ...COLUMNS.map((name) => element('label', { class: 'check' },
    element('input', { type: 'checkbox', name, checked: view.columns.includes(name) }), element('span', {}, COLUMN_TITLES[name])))),
  element('label', {}, element('span', {}, 'Newest'), select('newest', view.newest, [['top', 'on top'], ['bottom', 'at the bottom']])),
  element('label', {}, element('span', {}, 'Times'), select('time', view.time, [['absolute', 'absolute'], ['relative', 'relative']])),
  element('label', { class: 'check' }, element('input', { type: 'checkbox', name: 'wrap', checked: view.wrap }), element('span', {}, 'Wrap long queries')));
  openDialog('Columns', made);
}
