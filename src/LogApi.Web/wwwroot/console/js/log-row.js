// One row of the list. Rows are few and are used again and again, so each writes only what has changed.

import { COLUMNS } from './columns.js';
import { element } from './dom.js';
import { formatNumber, kindOf } from './text.js';

export class LogRow {
  #columns;
  #cells = new Map();
  #shown = null;
  #top = -1;
  #height = -1;
  #isSelected = false;
  #isNew = false;

  constructor(columns, id) {
    this.#columns = columns;
    this.element = element('div', { class: 'list-row', role: 'row', id, 'aria-selected': 'false' });
    for (const name of columns) {
      const text = document.createTextNode('');
      const cell = element('span', { class: `cell cell-${name}`, role: 'gridcell' });
      if (name === 'status') cell.append(element('span', { class: 'shape', 'aria-hidden': 'true' }));
      cell.append(text);
      this.#cells.set(name, { cell, text });
      this.element.append(cell);
    }
  }

  get entry() {
    return this.#shown;
  }

  /** The text of the query, for marking what was searched for. */
  get queryText() {
    return this.#cells.get('query')?.text;
  }

  /** Shows an entry; `context` has how times are written. */
  show(entry, context) {
    const isSame = entry === this.#shown;
    if (isSame && context.time !== 'relative') return;
    for (const name of this.#columns) {
      if (isSame && name !== 'time') continue;
      const { cell, text } = this.#cells.get(name);
      const value = entry.isGap ? gapText(entry, name, this.#columns) : COLUMNS[name].text(entry, context);
      if (text.data !== value) text.data = value;
      if (name === 'status') cell.className = `cell cell-status status-${entry.isGap ? 'gap' : kindOf(entry.status).name}`;
      if (name === 'time' && !entry.isGap) cell.title = entry.timestamp;
    }
    if (isSame) return;
    this.#shown = entry;
    this.element.dataset.seq = entry.seq;
    this.element.classList.toggle('is-gap', entry.isGap === true);
    this.element.classList.toggle('is-redacted', entry.redacted === true);
  }

  place(top, height, row) {
    if (top !== this.#top) {
      this.#top = top;
      this.element.style.transform = `translateY(${top}px)`;
      this.element.setAttribute('aria-rowindex', row + 2);
    }
    if (height !== this.#height) {
      this.#height = height;
      this.element.style.height = `${height}px`;
    }
    if (this.element.hidden) this.element.hidden = false;
  }

  mark({ isSelected, isNew }) {
    if (isSelected !== this.#isSelected) {
      this.#isSelected = isSelected;
      this.element.setAttribute('aria-selected', String(isSelected));
    }
    if (isNew !== this.#isNew) {
      this.#isNew = isNew;
      this.element.classList.toggle('is-new', isNew);
    }
  }

  hide() {
    this.element.hidden = true;
    this.#top = -1;
  }
}

function gapText(gap, name, columns) {
  if (name === 'status') return 'MISSING';
  const said = columns.includes('query') ? 'query' : columns[0];
  if (name !== said) return '';
  const range = gap.from === gap.to ? `Entry ${formatNumber(gap.from)} is` : `Entries ${formatNumber(gap.from)} to ${formatNumber(gap.to)} are`;
  return `${range} missing: ${gap.reason}`;
}
