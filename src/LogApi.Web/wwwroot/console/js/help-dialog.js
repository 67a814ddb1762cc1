// What each key does.

import { openDialog } from './dialog.js';
import { element } from './dom.js';
import { SHORTCUTS } from './keys.js';

export function helpDialog() {
  openDialog('Keyboard', element('div', { class: 'shortcuts' }, ...SHORTCUTS.map(([place, keys]) => element('section', {},
    element('h3', {}, place),
    element('dl', {}, ...keys.map(([names, what]) => element('div', {}, element('dt', {}, ...names.split(' ').map((name) => element('kbd', {}, name))), element('dd', {}, what))))))));
}
