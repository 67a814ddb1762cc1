// What each key does.

import { openDialog } from './dialog.js';
import { element } from './dom.js';

const SHORTCUTS = [
  ['/', 'Filter'], ['j  k', 'Next and previous row'], ['Enter', 'Open the entry'], ['Escape', 'Close'], ['v', 'Verify the open entry'],
  ['space', 'Pause, or back to now'], ['t', 'Newest on top or bottom'], ['r', 'Relative or absolute times'], ['w', 'Wrap'], ['?', 'This list'],
];

export function helpDialog() {
  openDialog('Keyboard', element('dl', { class: 'shortcuts' }, ...SHORTCUTS.flatMap(([keys, what]) => [element('dt', {}, ...keys.split('  ').map((key) => element('kbd', {}, key))), element('dd', {}, what)])));
}
