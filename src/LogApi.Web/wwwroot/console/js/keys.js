// Keys that work wherever nothing is being typed.

/** What each key does, in the words of the help; `[keys, words]`, by where it works. */
export const SHORTCUTS = [
  ['Anywhere', [
    ['/', 'Filter'], ['space', 'Pause, or back to now'], ['g', 'Rate chart'], ['l', 'List'], ['?', 'This help'], ['Esc', 'Close what is open, or go back to now'],
  ]],
  ['List', [
    ['j', 'Next row, also ↓'], ['k', 'Previous row, also ↑'], ['Enter', 'Open the entry'], ['v', 'Verify the open entry'], ['o', 'Older or newest rows: the other end'],
  ]],
  ['Look', [
    ['t', 'Newest on top or at the bottom'], ['r', 'Relative or absolute times'], ['w', 'Wrap long queries'], ['c', 'Columns'], ['b', 'Views'],
  ]],
  ['Rate chart', [
    ['← →', 'Move'], ['Shift ← →', 'Choose a span of time'], ['Enter', 'Zoom into it'], ['z', 'Zoom out'],
  ]],
];

/** Has keys call actions: `{ key: () => … }`. */
export function listenToKeys(actions) {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.('input, textarea, select, dialog')) return;
    // Space and Enter are for what has the focus.
    if ((event.key === ' ' || event.key === 'Enter') && event.target.closest?.('button, a, summary')) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
