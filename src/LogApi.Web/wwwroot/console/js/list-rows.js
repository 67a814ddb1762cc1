// The rows that are on the page: as many as are in view, used again and again.

import { LogRow } from './log-row.js';

export class ListRows {
  #space;
  #columns;
  #shown = new Map();
  #spare = [];
  #made = 0;

  constructor(space, columns) {
    this.#space = space;
    this.#columns = columns;
  }

  /** The texts of the queries that are shown. */
  get queryTexts() {
    return [...this.#shown.values()].map((row) => row.queryText).filter(Boolean);
  }

  /** Shows these columns from now on. */
  set columns(columns) {
    for (const row of [...this.#shown.values(), ...this.#spare]) row.element.remove();
    this.#shown.clear();
    this.#spare = [];
    this.#columns = columns;
  }

  /** Shows the entries of these places and no others, by `draw(row, place)`. An entry that stays in view keeps its row. */
  show(places, entries, draw) {
    const wanted = new Map(places.map((place) => [entries.at(place).seq, place]));
    for (const [seq, row] of this.#shown) {
      if (wanted.has(seq)) continue;
      this.#shown.delete(seq);
      this.#spare.push(row);
    }
    for (const [seq, place] of wanted) {
      let row = this.#shown.get(seq);
      if (!row) this.#shown.set(seq, row = this.#spare.pop() ?? this.#make());
      draw(row, place);
    }
    for (const row of this.#spare) if (!row.element.hidden) row.hide();
  }

  #make() {
    const row = new LogRow(this.#columns, `row-${this.#made += 1}`);
    this.#space.append(row.element);
    return row;
  }
}
