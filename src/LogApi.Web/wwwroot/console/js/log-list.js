// <log-list>: any number of entries in as many rows as can be seen.

import { COLUMNS } from './columns.js';
import { element, everyFrame, setText } from './dom.js';
import { Entries } from './entries.js';
import { markFound } from './found-marks.js';
import { Freshness, NEW_FOR } from './freshness.js';
import { HeldEntries } from './held-entries.js';
import { ListGeometry } from './list-geometry.js';
import { ListRows } from './list-rows.js';
import { formatNumber } from './text.js';

const ROW = 26;
const NARROW_ROW = 46;
const OVERSCAN = 4;
const SKELETONS = 24;
const narrow = matchMedia('(max-width: 640px)');

/**
 * Raises `open` ({ entry, isMove }), `past-end` (older entries are wanted), `paused` ({ isPaused, count }) and `action` (the
 * button of a message was used).
 */
export class LogList extends HTMLElement {
  entries = new Entries();
  #geometry = new ListGeometry(this.entries);
  #held = new HeldEntries();
  #rows = null;
  #options = { newest: 'top', time: 'absolute', wrap: false, columns: ['time', 'status', 'user', 'query'] };
  #pausedBy = null;
  #selected = null;
  #fresh = new Freshness();
  #end = { state: 'loading', text: '' };
  #found = '';
  #lettersPerLine = 80;
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
    this.#rows = new ListRows(this.space, this.#options.columns);
    this.append(this.viewport, this.skeleton, this.badge, this.empty);
    this.viewport.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.viewport.addEventListener('click', (event) => this.#onClick(event));
    this.viewport.addEventListener('keydown', (event) => this.#onKey(event));
    new ResizeObserver(() => this.#measure()).observe(this.viewport);
    narrow.addEventListener('change', () => this.#layOut());
    this.#ticker = setInterval(() => this.#options.time === 'relative' && this.#render(), 1_000);
    this.#showColumns();
    this.#layOut();
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
    this.#geometry.isNewestOnTop = this.#options.newest === 'top';
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
    const before = this.#geometry.total;
    this.#layOut();
    // What is looked at stays where it is while rows are put in above it.
    if (!this.#geometry.isNewestOnTop) {
      this.#stretch();
      this.#scrollTo(this.#geometry.view.top + this.#geometry.total - before);
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
    const row = place < 0 ? this.#geometry.firstRowInView : this.#geometry.turn(place) + step;
    this.moveTo(row);
  }

  moveTo(row) {
    const bounded = Math.max(0, Math.min(this.entries.length - 1, row));
    const place = this.#geometry.turn(bounded);
    const entry = this.entries.at(place);
    this.pause('user');
    this.select(entry);
    this.#scrollTo(this.#geometry.topFor(place));
    if (!entry.isGap) this.#raise('open', { entry, isMove: true });
  }

  /** Goes to the other end: to the oldest rows, and from there back to now. */
  turnOver() {
    const isNow = !this.isPaused || this.#geometry.isAtNow;
    if (isNow) this.viewport.scrollTop = this.#geometry.oldestTop;
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
    for (const entry of added) this.#geometry.append(entry);
    if (dropped > 0) {
      this.#geometry.drop(dropped);
      // The oldest row is not the log's first one any more.
      if (this.#end.state === 'end') this.setEnd('idle');
    }
    if (areNew && added.length > 0) this.#fresh.add(added[0].seq, performance.now());
  }

  #showColumns() {
    if (!this.header) return;
    const { columns } = this.#options;
    this.style.setProperty('--columns', columns.map((name) => COLUMNS[name].width).join(' '));
    this.header.replaceChildren(...columns.map((name) => element('span', { role: 'columnheader', class: `cell head-${name}` }, COLUMNS[name].title)));
    this.viewport.setAttribute('aria-colcount', columns.length);
    this.#rows.columns = columns;
    this.#measure();
  }

  #measure() {
    this.#geometry.view = { top: this.viewport.scrollTop, height: this.viewport.clientHeight, header: this.header.offsetHeight, width: this.viewport.clientWidth };
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
    const width = cell ? cell.clientWidth : this.#geometry.view.width - 24;
    return Math.max(10, Math.floor(width / letter));
  }

  #layOut() {
    this.classList.toggle('wraps', this.#options.wrap);
    if (this.#options.wrap && this.viewport) this.#lettersPerLine = this.#countLetters();
    this.#geometry.layOut(narrow.matches ? NARROW_ROW : ROW, this.#options.wrap ? this.#lettersPerLine : null);
    this.#render();
  }

  #stretch() {
    const height = `${this.#geometry.height}px`;
    if (this.space.style.height !== height) this.space.style.height = height;
  }

  #toNow() {
    if (!this.viewport) return;
    this.#stretch();
    this.#scrollTo(this.#geometry.nowTop);
  }

  #scrollTo(top) {
    if (this.#geometry.view.top === top) return;
    this.#geometry.view.top = top;
    this.viewport.scrollTop = top;
  }

  #onScroll() {
    this.#geometry.view.top = this.viewport.scrollTop;
    if (!this.#geometry.isAtNow) this.pause('scroll');
    else if (this.#pausedBy === 'scroll') this.resume();
    this.#askForOlder();
    this.#render();
  }

  #askForOlder() {
    if (this.#end.state === 'idle' && this.#geometry.isNearOldest) this.#raise('past-end');
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
    const page = Math.max(1, Math.floor(this.#geometry.view.height / ROW) - 2);
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
    this.edge.style.transform = `translateY(${this.#geometry.edgeTop}px)`;
    if (!this.isPaused) this.#toNow();
    this.#drawRows();
    markFound(this.#rows.queryTexts, this.#found);
    if (total > 0) this.#askForOlder();
  }

  #drawRows() {
    const context = { time: this.#options.time, now: Date.now() };
    const freshSince = this.#fresh.since(performance.now());
    let active = null;
    this.#rows.show(this.#geometry.placesInView(OVERSCAN), this.entries, (row, place) => {
      const entry = this.entries.at(place);
      const isSelected = entry.seq === this.#selected;
      row.show(entry, context);
      row.place(this.#geometry.topOf(place), this.#geometry.heightOf(place), this.#geometry.turn(place));
      row.mark({ isSelected, isNew: entry.seq >= freshSince });
      if (isSelected) active = row.element.id;
    });
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
}

customElements.define('log-list', LogList);
