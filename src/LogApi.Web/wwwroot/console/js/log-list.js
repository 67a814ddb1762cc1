// <log-list>: any number of entries in as many rows as can be seen.

import { COLUMNS } from './columns.js';
import { element, everyFrame, setText } from './dom.js';
import { Entries } from './entries.js';
import { markFound } from './found-marks.js';
import { Freshness, NEW_FOR } from './freshness.js';
import { HeldEntries } from './held-entries.js';
import { LogRow } from './log-row.js';
import { EvenRows, UnevenRows, linesOf } from './row-layout.js';
import { formatNumber } from './text.js';

const ROW = 26;
const NARROW_ROW = 46;
const LINE = 18;
const MOST_LINES = 8;
const OVERSCAN = 4;
const SKELETONS = 24;
// What stands behind the oldest row has this much room.
const EDGE = 40;
const narrow = matchMedia('(max-width: 640px)');

/**
 * Raises `open` ({ entry, isMove }), `past-end` (older entries are wanted), `paused` ({ isPaused, count }) and `action` (the
 * button of a message was used).
 */
export class LogList extends HTMLElement {
  entries = new Entries();
  #layout = new EvenRows(ROW);
  #held = new HeldEntries();
  #rows = new Map();
  #spare = [];
  #made = 0;
  #options = { newest: 'top', time: 'absolute', wrap: false, columns: ['time', 'status', 'user', 'query'] };
  #pausedBy = null;
  #selected = null;
  #fresh = new Freshness();
  #end = { state: 'loading', text: '' };
  #found = '';
  #lettersPerLine = 80;
  // Read once when they change: to ask the page for them between two writes would have it laid out anew each time.
  #view = { top: 0, height: 0, header: 0, width: 0 };
  #render = everyFrame(() => this.#draw());
  #ticker = 0;
  #cooling = 0;

  connectedCallback() {
    if (this.viewport) return;
    this.header = element('div', { class: 'list-header', role: 'row', 'aria-rowindex': '1' });
    this.space = element('div', { class: 'list-space', role: 'presentation' });
    this.viewport = element('div', {
      class: 'list-viewport', role: 'grid', tabindex: '0', 'aria-label': 'Log entries', 'aria-readonly': 'true',
    }, this.header, this.space);
    this.badge = element('button', { class: 'list-badge', type: 'button', hidden: true, onclick: () => this.resume() });
    this.empty = element('div', { class: 'list-empty', hidden: true });
    this.skeleton = element('div', { class: 'list-skeleton', 'aria-hidden': 'true' }, ...Array.from({ length: SKELETONS }, () => element('i')));
    this.edge = element('div', { class: 'list-edge', role: 'presentation' });
    this.space.append(this.edge);
    this.append(this.viewport, this.skeleton, this.badge, this.empty);
    this.viewport.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.viewport.addEventListener('click', (event) => this.#onClick(event));
    this.viewport.addEventListener('keydown', (event) => this.#onKey(event));
    new ResizeObserver(() => this.#measure()).observe(this.viewport);
    narrow.addEventListener('change', () => this.#layOut());
    this.#ticker = setInterval(() => this.#options.time === 'relative' && this.#render(), 1_000);
    this.#showColumns();
    this.#render();
  }

  disconnectedCallback() {
    clearInterval(this.#ticker);
  }

  get isPaused() {
    return this.#pausedBy !== null;
  }

  get selected() {
    return this.#selected;
  }

  set options(options) {
    const before = this.#options;
    this.#options = { ...before, ...options };
    if (before.columns.join() !== this.#options.columns.join()) this.#showColumns();
    if (before.wrap !== this.#options.wrap) this.#layOut();
    if (before.newest !== this.#options.newest) this.resume();
    this.#render();
  }

  /** The text to mark in the queries; nothing when empty. */
  set found(text) {
    this.#found = text.toLowerCase();
    this.#render();
  }

  /** What stands in the middle while there is no entry: words, and what can be done about it. */
  setMessage(text, action = null) {
    this.empty.replaceChildren(
      element('p', {}, text),
      ...(action ? [element('button', { type: 'button', onclick: () => this.#raise('action', action.name) }, action.label)] : []));
    this.#render();
  }

  /** What stands behind the oldest entry: `loading`, `more`, `end`, `full` or `failed`, and words for it. */
  setEnd(state, text = '') {
    this.#end = { state, text };
    this.edge.className = `list-edge edge-${state}`;
    const label = { more: 'Search further back', full: 'Go on from here', failed: 'Try again' }[state];
    this.edge.replaceChildren(
      element('span', {}, text),
      ...(label ? [element('button', { type: 'button', class: 'link', onclick: () => this.#raise(state === 'full' ? 'action' : 'past-end', 'from-here') }, label)] : []));
    this.#render();
  }

  clear() {
    this.entries.clear();
    this.#held.take();
    this.#fresh.clear();
    this.#pausedBy = null;
    this.#layOut();
    this.setEnd('loading');
    this.#toNow();
    this.#say();
  }

  /** Adds entries that have come, in order. While somebody looks at older ones, they wait. */
  add(entries, { isHistory = false } = {}) {
    if (this.isPaused && !isHistory) {
      this.#held.add(entries);
      this.#say();
      return;
    }
    this.#append(entries, !isHistory);
    this.#render();
  }

  /** Adds older entries, newest first. */
  addOlder(entries) {
    const added = this.entries.prepend(entries);
    if (added === 0) return;
    const before = this.#layout.total;
    this.#layOut();
    // What is looked at stays where it is while rows are put in above it.
    if (this.#options.newest === 'bottom') {
      this.#stretch();
      this.#scrollTo(this.#view.top + this.#layout.total - before);
    }
    this.#render();
  }

  /** Puts another form of an entry in its place, as when it was redacted. */
  replace(entry) {
    this.entries.replace(entry);
    this.#held.replace(entry);
    this.#layOut();
    this.#render();
  }

  /** Holds new entries back; `by` is `user`, or `scroll` for what ends by scrolling back. */
  pause(by = 'user') {
    if (this.isPaused) return;
    this.#pausedBy = by;
    this.#say();
  }

  /** Back to now. */
  resume() {
    const held = this.#held.take();
    this.#pausedBy = null;
    // What was shown before does not lead up to what was kept: a list has no hole in it that nobody was told of.
    if (!held.isWhole) {
      this.entries.clear();
      this.#layOut();
      this.setEnd('idle');
    }
    this.#append(held.entries, true);
    this.#toNow();
    this.#say();
    this.#render();
  }

  select(entry) {
    this.#selected = entry?.seq ?? null;
    this.#render();
  }

  /** Goes to the row so many further down; a held list does not run away from the reader. */
  move(step) {
    if (this.entries.length === 0) return;
    const place = this.#selected === null ? -1 : this.entries.placeOf(this.#selected);
    const row = place < 0 ? this.#firstVisibleRow() : this.#turn(place) + step;
    this.moveTo(row);
  }

  moveTo(row) {
    const bounded = Math.max(0, Math.min(this.entries.length - 1, row));
    const place = this.#turn(bounded);
    const entry = this.entries.at(place);
    this.pause('user');
    this.select(entry);
    this.#reveal(place);
    if (!entry.isGap) this.#raise('open', { entry, isMove: true });
  }

  /** Goes to the other end: to the oldest rows, and from there back to now. */
  turnOver() {
    const isNow = !this.isPaused || this.#isAtNow();
    if (isNow) this.viewport.scrollTop = this.#options.newest === 'top' ? this.#layout.total + EDGE : 0;
    else this.resume();
  }

  focusRows() {
    this.viewport.focus();
  }

  openSelected() {
    const place = this.#selected === null ? -1 : this.entries.placeOf(this.#selected);
    if (place >= 0 && !this.entries.at(place).isGap) this.#raise('open', { entry: this.entries.at(place), isMove: false });
  }

  #append(entries, areNew) {
    const { added, dropped } = this.entries.append(entries);
    for (const entry of added) this.#layout.append(entry);
    if (dropped > 0) {
      this.#layout.drop(dropped);
      // The oldest row is not the log's first one any more.
      if (this.#end.state === 'end') this.setEnd('idle');
    }
    if (areNew && added.length > 0) this.#fresh.add(added[0].seq, performance.now());
  }

  // The same both ways: the row of a place, and the place of a row.
  #turn(place) {
    return this.#options.newest === 'top' ? this.entries.length - 1 - place : place;
  }

  #topOf(place) {
    const top = this.#layout.topOf(place);
    return this.#options.newest === 'top' ? this.#layout.total - top - this.#layout.heightOf(place) : EDGE + top;
  }

  #placeAt(y) {
    const fromOldest = this.#options.newest === 'top' ? this.#layout.total - 1 - y : y - EDGE;
    return this.#layout.placeAt(Math.max(0, Math.min(this.#layout.total - 1, fromOldest)));
  }

  #showColumns() {
    if (!this.header) return;
    const { columns } = this.#options;
    this.style.setProperty('--columns', columns.map((name) => COLUMNS[name].width).join(' '));
    this.header.replaceChildren(...columns.map((name) => element('span', { role: 'columnheader', class: `cell head-${name}` }, COLUMNS[name].title)));
    this.viewport.setAttribute('aria-colcount', columns.length);
    for (const row of [...this.#rows.values(), ...this.#spare]) row.element.remove();
    this.#rows.clear();
    this.#spare = [];
    this.#measure();
  }

  #measure() {
    this.#view = { top: this.viewport.scrollTop, height: this.viewport.clientHeight, header: this.header.offsetHeight, width: this.viewport.clientWidth };
    if (this.#options.wrap) {
      const letters = this.#countLetters();
      if (letters !== this.#lettersPerLine) this.#layOut();
    }
    this.#render();
  }

  // The queries are set in letters of one width, so that a line's room can be counted and no row need be laid out to know it.
  #countLetters() {
    const probe = element('span', { class: 'cell-query letter-probe' }, '0'.repeat(100));
    this.viewport.append(probe);
    const letter = probe.getBoundingClientRect().width / 100;
    probe.remove();
    const cell = narrow.matches ? null : this.header.querySelector('.head-query');
    const width = cell ? cell.clientWidth : this.#view.width - 24;
    return Math.max(10, Math.floor(width / letter));
  }

  #layOut() {
    const base = narrow.matches ? NARROW_ROW : ROW;
    const measure = (entry) => base + ((linesOf(entry.query ?? '', this.#lettersPerLine, MOST_LINES) - 1) * LINE);
    this.classList.toggle('wraps', this.#options.wrap);
    if (this.#options.wrap && this.viewport) this.#lettersPerLine = this.#countLetters();
    this.#layout = this.#options.wrap ? new UnevenRows(measure) : new EvenRows(base);
    for (let place = 0; place < this.entries.length; place += 1) this.#layout.append(this.entries.at(place));
    this.#render();
  }

  #stretch() {
    const height = `${this.#layout.total + EDGE}px`;
    if (this.space.style.height !== height) this.space.style.height = height;
  }

  get #nowTop() {
    return this.#options.newest === 'top' ? 0 : Math.max(0, this.#layout.total + EDGE + this.#view.header - this.#view.height);
  }

  #toNow() {
    if (!this.viewport) return;
    this.#stretch();
    if (this.#view.top !== this.#nowTop) this.#scrollTo(this.#nowTop);
  }

  #scrollTo(top) {
    this.#view.top = top;
    this.viewport.scrollTop = top;
  }

  // Fractions of a pixel are no distance.
  #isAtNow() {
    return Math.abs(this.#view.top - this.#nowTop) <= 2;
  }

  #firstVisibleRow() {
    return this.#turn(this.#placeAt(this.#view.top));
  }

  #reveal(place) {
    const top = this.#topOf(place);
    // With the oldest row comes what is said behind it.
    const bottom = top + this.#layout.heightOf(place) + (place === 0 && this.#options.newest === 'top' ? EDGE : 0);
    const room = this.#view.height - this.#view.header;
    if (top < this.#view.top) this.#scrollTo(top);
    else if (bottom > this.#view.top + room) this.#scrollTo(bottom - room);
  }

  #onScroll() {
    this.#view.top = this.viewport.scrollTop;
    if (!this.#isAtNow()) this.pause('scroll');
    else if (this.#pausedBy === 'scroll') this.resume();
    this.#askForOlder();
    this.#render();
  }

  #askForOlder() {
    const { top, height, header } = this.#view;
    const fromEnd = this.#options.newest === 'top' ? this.#layout.total + EDGE + header - height - top : top;
    if (this.#end.state === 'idle' && fromEnd < height) this.#raise('past-end');
  }

  #onClick(event) {
    const row = event.target.closest('.list-row');
    const place = row ? this.entries.placeOf(Number(row.dataset.seq)) : -1;
    if (place < 0) return;
    const entry = this.entries.at(place);
    this.pause('user');
    this.select(entry);
    if (!entry.isGap) this.#raise('open', { entry, isMove: false });
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.viewport) return;
    const page = Math.max(1, Math.floor(this.#view.height / ROW) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    if (steps[event.key]) this.move(steps[event.key]);
    else if (event.key === 'End') this.moveTo(this.entries.length - 1);
    else if (event.key === 'Home') this.moveTo(0);
    else if (event.key === 'Enter') this.openSelected();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #say() {
    if (!this.badge) return;
    const { count } = this.#held;
    this.badge.hidden = !this.isPaused;
    setText(this.badge, count === 0 ? 'Paused · back to now' : `${formatNumber(count)} new · back to now`);
    this.badge.classList.toggle('has-new', count > 0);
    this.classList.toggle('is-paused', this.isPaused);
    this.#raise('paused', { isPaused: this.isPaused, count });
  }

  #raise(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #draw() {
    if (!this.viewport) return;
    const total = this.entries.length;
    this.#stretch();
    if (this.viewport.ariaRowCount !== String(total + 1)) this.viewport.setAttribute('aria-rowcount', total + 1);
    this.empty.hidden = total > 0 || this.#end.state === 'loading' || this.empty.childElementCount === 0;
    this.skeleton.hidden = total > 0 || !this.empty.hidden;
    this.edge.hidden = total === 0 || this.#end.text === '';
    this.edge.style.transform = `translateY(${this.#options.newest === 'top' ? this.#layout.total : 0}px)`;
    if (!this.isPaused) this.#toNow();
    this.#drawRows(total);
    markFound([...this.#rows.values()].map((row) => row.queryText).filter(Boolean), this.#found);
    if (total > 0) this.#askForOlder();
  }

  #drawRows(total) {
    const context = { time: this.#options.time, now: Date.now() };
    const freshSince = this.#fresh.since(performance.now());
    const wanted = new Map();
    if (total > 0) {
      const { top, height } = this.#view;
      const [from, to] = [this.#placeAt(top), this.#placeAt(top + height)].sort((a, b) => a - b);
      for (let place = Math.max(0, from - OVERSCAN); place <= Math.min(total - 1, to + OVERSCAN); place += 1) {
        wanted.set(this.entries.at(place).seq, place);
      }
    }
    for (const [seq, row] of this.#rows) {
      if (wanted.has(seq)) continue;
      this.#rows.delete(seq);
      this.#spare.push(row);
    }
    let active = null;
    for (const [seq, place] of wanted) {
      let row = this.#rows.get(seq);
      if (!row) this.#rows.set(seq, row = this.#spare.pop() ?? this.#makeRow());
      row.show(this.entries.at(place), context);
      row.place(this.#topOf(place), this.#layout.heightOf(place), this.#turn(place));
      row.mark({ isSelected: seq === this.#selected, isNew: seq >= freshSince });
      if (seq === this.#selected) active = row.element.id;
    }
    for (const row of this.#spare) if (!row.element.hidden) row.hide();
    if (active) this.viewport.setAttribute('aria-activedescendant', active);
    else this.viewport.removeAttribute('aria-activedescendant');
    // Once more when the last mark has to go, in case nothing else comes.
    if (freshSince !== Infinity && !this.#cooling) {
      this.#cooling = setTimeout(() => {
        this.#cooling = 0;
        this.#render();
      }, NEW_FOR / 4);
    }
  }

  #makeRow() {
    const row = new LogRow(this.#options.columns, `row-${this.#made += 1}`);
    this.space.append(row.element);
    return row;
  }
}

customElements.define('log-list', LogList);
