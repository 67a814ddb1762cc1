// The views that are kept in this browser.

import { field, form, openDialog } from './dialog.js';
import { element } from './dom.js';
import { deleteView, readSavedViews, saveView } from './view.js';

export function viewsDialog(view, openView) {
  const list = element('ul', { class: 'views' });
  const show = () => list.replaceChildren(...readSavedViews().map((saved) => element('li', {},
    element('button', { type: 'button', class: 'link', onclick: () => { dialog.close(); openView(saved.address); } }, saved.name),
    element('button', { type: 'button', class: 'quiet', 'aria-label': `Delete the view ${saved.name}`, onclick: () => { deleteView(saved.name); show(); } }, '✕'))));
  const dialog = openDialog('Views', list, form([field('name', 'Save what is shown now as', { required: true, maxlength: '60' })], 'Save', async (made) => {
    if (!made.name.value.trim()) throw new Error('A view needs a name.');
    saveView(made.name.value.trim(), view);
    made.reset();
    show();
  }));
  show();
}
