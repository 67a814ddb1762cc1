// The views that are kept in this browser.

import { field, form, openDialog } from './dialog.js';
import { element, icon } from './dom.js';
import { deleteView, describeView, readSavedViews, saveView } from './view.js';

/** `openView` takes the address of the view that was chosen. */
export function viewsDialog(view, openView) {
  const list = element('ul', { class: 'views' });
  const show = () => {
    const saved = readSavedViews();
    list.replaceChildren(...(saved.length === 0 ? [element('li', { class: 'hint' }, 'None is saved yet. A view is the filter, the columns and how rows stand; it is kept in this browser.')] : saved.map(row)));
  };
  const row = ({ name, address }) => element('li', {},
    element('button', { type: 'button', class: 'view', onclick: () => { dialog.close(); openView(address); } }, element('b', {}, name), element('span', { class: 'hint' }, describeView(address))),
    element('button', { type: 'button', class: 'quiet small', 'aria-label': `Delete the view ${name}`, onclick: () => { deleteView(name); show(); } }, icon('close')));
  const dialog = openDialog('Views', list, form([field('name', 'Save what is shown now as', { required: true, maxlength: '60', autocomplete: 'off' })], 'Save', async (made) => {
    const name = made.elements.name.value.trim();
    if (!name) throw new Error('A view needs a name.');
    saveView(name, view);
    made.reset();
    show();
  }));
  show();
}
