// Where the rows of the list stand and which of them are in view, with the newest on top or at the bottom. Places are counted from
// the oldest entry, rows from the upper edge; the same distance from the upper edge is a `top`.

import { EvenRows, UnevenRows, linesOf } from './row-layout.js';

// What stands behind the oldest row has this much room.
const EDGE = 40;
const LINE = 18;
const MOST_LINES = 8;

export class ListGeometry {
  #entries;
  #rows = new EvenRows(1);
  isNewestOnTop = true;
  // Read once when they change: to ask the page for them between two writes would have it laid out anew each time.
  view = { top: 0, height: 0, header: 0, width: 0 };

  constructor(entries) {
    this.#entries = entries;
  }

  /** Gives every entry its room: a row as high as `base`, and where queries are wrapped, at so many letters a line, more of them. */
  layOut(base, lettersPerLine = null) {
    const measure = (entry) => base + ((linesOf(entry.query ?? '', lettersPerLine, MOST_LINES) - 1) * LINE);
    this.#rows = lettersPerLine === null ? new EvenRows(base) : new UnevenRows(measure);
    for (let place = 0; place < this.#entries.length; place += 1) this.#rows.append(this.#entries.at(place));
  }

  append(entry) {
    this.#rows.append(entry);
  }

  drop(count) {
    this.#rows.drop(count);
  }

  /** How high all rows are together. */
  get total() {
    return this.#rows.total;
  }

  /** How high the rows are with what stands behind the oldest. */
  get height() {
    return this.total + EDGE;
  }

  /** The upper edge of what stands behind the oldest row. */
  get edgeTop() {
    return this.isNewestOnTop ? this.total : 0;
  }

  /** The same both ways: the row of a place, and the place of a row. */
  turn(place) {
    return this.isNewestOnTop ? this.#entries.length - 1 - place : place;
  }

  topOf(place) {
    const top = this.#rows.topOf(place);
    return this.isNewestOnTop ? this.total - top - this.#rows.heightOf(place) : EDGE + top;
  }

  heightOf(place) {
    return this.#rows.heightOf(place);
  }

  /** Where the view is when the newest entry is in it. */
  get nowTop() {
    return this.isNewestOnTop ? 0 : Math.max(0, this.height + this.view.header - this.view.height);
  }

  /** Where it is when the oldest is. */
  get oldestTop() {
    return this.isNewestOnTop ? this.height : 0;
  }

  // Fractions of a pixel are no distance.
  get isAtNow() {
    return Math.abs(this.view.top - this.nowTop) <= 2;
  }

  /** Whether there is less than one more view up to the oldest row. */
  get isNearOldest() {
    const { top, height, header } = this.view;
    return (this.isNewestOnTop ? this.height + header - height - top : top) < height;
  }

  get firstRowInView() {
    return this.turn(this.#placeAt(this.view.top));
  }

  /** The places in view, and so many more on either side. */
  placesInView(more) {
    if (this.#entries.length === 0) return [];
    const { top, height } = this.view;
    const [from, to] = [this.#placeAt(top), this.#placeAt(top + height)].sort((a, b) => a - b);
    const first = Math.max(0, from - more);
    return Array.from({ length: Math.min(this.#entries.length - 1, to + more) - first + 1 }, (_, i) => first + i);
  }

  /** Where the view has to be for a place to be in it: where it is if it is in it. */
  topFor(place) {
    const top = this.topOf(place);
    // With the oldest row comes what is said behind it.
    const bottom = top + this.heightOf(place) + (place === 0 && this.isNewestOnTop ? EDGE : 0);
    const room = this.view.height - this.view.header;
    if (top < this.view.top) return top;
    return Math.max(this.view.top, bottom - room);
  }

  #placeAt(y) {
    const fromOldest = this.isNewestOnTop ? this.total - 1 - y : y - EDGE;
    return this.#rows.placeAt(Math.max(0, Math.min(this.total - 1, fromOldest)));
  }
}
