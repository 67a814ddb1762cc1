// <log-list>: any number of entries in as many rows as can be seen.

import { Entries } from './entries.js';
import { element, everyFrame } from './dom.js';
import { formatAge, formatNumber, formatTime, kindOf, plural } from './text.js';

const ROW_HEIGHT = 28;
const WRAPPED_HEIGHT = 64;
const OVERSCAN = 8;
const NEW_FOR = 2_500;
const TITLES = { seq: 'No.', time: 'Time', status: 'Status', user: 'User', query: 'Query', attributes: 'Attributes', id: 'Id' };

/** Raises `open` (an entry), `past-end` (older entries are wanted) and `paused`. */
export class LogList extends HTMLElement {
  entries = new Entries();
  #held = [];
  #heldDropped = 0;
  #rows = [];
  #options = { newest: 'top', time: 'absolute', wrap: false, columns: ['time', 'status', 'user', 'query'] };
  #isPaused = false;
  #selected = null;
  #arrivals = new Map();
  #hasMore = true;
  #render = everyFrame(() => this.#draw());
  #scrollsItself = false;
  #ticker = 0;

  connectedCallback() {
    if (this.#rows.length > 0) return;
    this.header = element('div', { class: 'list-header' });
    this.space = element('div', { class: 'list-space', role: 'presentation' });
    this.viewport = element('div', { class: 'list-viewport', role: 'grid', tabindex: '0', 'aria-label': 'Log entries', 'aria-readonly': 'true' }, this.space);
    this.badge = element('button', { class: 'list-badge', type: 'button', hidden: true, onclick: () => this.resume() });
    this.empty = element('p', { class: 'list-empty', role: 'status' });
    this.append(this.header, this.viewport, this.badge, this.empty);
    this.viewport.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.viewport.addEventListener('click', (event) => this.#onClick(event));
    this.viewport.addEventListener('keydown', (event) => this.onKey(event));
    new ResizeObserver(this.#render).observe(this.viewport);
    this.#ticker = setInterval(() => this.#options.time === 'relative' && this.#render(), 1_000);
    this.#render();
  }

  disconnectedCallback() {
    clearInterval(this.#ticker);
  }

  get isPaused() {
    return this.#isPaused;
  }

  get selected() {
    return this.#selected;
  }

  set options(options) {
    const turned = options.newest !== this.#options.newest;
    this.#options = { ...this.#options, ...options };
    this.style.setProperty('--row-height', `${this.#rowHeight}px`);
    this.classList.toggle('wraps', this.#options.wrap);
    this.style.setProperty('--columns', this.#options.columns.map(widthOf).join(' '));
    if (this.header) {
      this.header.replaceChildren(...this.#options.columns.map((name) => element('span', {}, TITLES[name])));
      this.#rows = [];
      this.space.replaceChildren();
    }
    if (turned) this.resume();
    this.#render();
  }

  /** What stands in the middle when there is nothing to show. */
  set message(text) {
    this.empty.textContent = text;
  }

  clear() {
    this.entries.clear();
    this.#held = [];
    this.#heldDropped = 0;
    this.#arrivals.clear();
    this.#isPaused = false;
    this.#hasMore = true;
    this.#toNow();
    this.#say();
    this.#render();
  }

  /** Adds entries that have come, in order. While somebody looks at older ones, they wait. */
  add(entries, { isHistory = false } = {}) {
    if (this.#isPaused) {
      for (const entry of entries) this.#held.push(entry);
      if (this.#held.length > 2 * 50_000) this.#heldDropped += this.#held.splice(0, 50_000).length;
      this.#say();
      return;
    }
    this.entries.append(entries);
    if (!isHistory) {
      const now = performance.now();
      for (const entry of entries.slice(-200)) this.#arrivals.set(entry.seq, now);
    }
    this.#render();
  }

  /** Adds older entries, newest first. */
  addOlder(entries, hasMore) {
    this.#hasMore = hasMore;
    const added = this.entries.prepend(entries);
    if (this.#options.newest === 'bottom') this.#scrollBy(added * this.#rowHeight);
    this.#render();
  }

  replace(entry) {
    this.entries.replace(entry);
    this.#held = this.#held.map((held) => (held.seq === entry.seq ? entry : held));
    this.#render();
  }

  pause() {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#say();
  }

  /** Back to now. */
  resume() {
    const held = this.#held;
    this.#held = [];
    this.#isPaused = false;
    if (this.#heldDropped > 0) this.entries.clear();
    this.#heldDropped = 0;
    this.entries.append(held);
    this.#toNow();
    this.#say();
    this.#render();
  }

  select(entry) {
    this.#selected = entry?.seq ?? null;
    this.#render();
  }

  /** Opens the next entry in the order of the rows. */
  move(step) {
    const place = this.#selected === null ? -1 : this.entries.placeOf(this.#selected);
    const row = place < 0 ? (step > 0 ? 0 : this.entries.length - 1) : this.#rowOf(place) + step;
    if (row < 0 || row >= this.entries.length) return;
    const entry = this.entries.at(this.#rowOf(row));
    this.select(entry);
    this.#reveal(row);
    this.dispatchEvent(new CustomEvent('open', { detail: { entry, isMove: true } }));
  }

  onKey(event) {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      this.move(step);
    } else if (event.key === 'Enter' && this.#selected !== null) {
      const place = this.entries.placeOf(this.#selected);
      if (place >= 0) this.dispatchEvent(new CustomEvent('open', { detail: { entry: this.entries.at(place) } }));
    }
  }

  get #rowHeight() {
    return this.#options.wrap ? WRAPPED_HEIGHT : ROW_HEIGHT;
  }

  // The same both ways: the row of a place, and the place of a row.
  #rowOf(place) {
    return this.#options.newest === 'top' ? this.entries.length - 1 - place : place;
  }

  #toNow() {
    if (!this.viewport) return;
    this.#scrollsItself = true;
    this.viewport.scrollTop = this.#options.newest === 'top' ? 0 : this.entries.length * this.#rowHeight;
  }

  #scrollBy(pixels) {
    this.#scrollsItself = true;
    this.space.style.height = `${this.entries.length * this.#rowHeight}px`;
    this.viewport.scrollTop += pixels;
  }

  #reveal(row) {
    const top = row * this.#rowHeight;
    if (top < this.viewport.scrollTop) this.viewport.scrollTop = top;
    else if (top + this.#rowHeight > this.viewport.scrollTop + this.viewport.clientHeight) this.viewport.scrollTop = top + this.#rowHeight - this.viewport.clientHeight;
  }

  #onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.viewport;
    const fromNow = this.#options.newest === 'top' ? scrollTop : scrollHeight - clientHeight - scrollTop;
    const fromEnd = this.#options.newest === 'top' ? scrollHeight - clientHeight - scrollTop : scrollTop;
    if (this.#scrollsItself) this.#scrollsItself = false;
    else if (fromNow > this.#rowHeight) this.pause();
    else if (this.#isPaused && fromNow <= 1) this.resume();
    if (fromEnd < clientHeight && this.#hasMore && this.entries.length > 0) this.dispatchEvent(new CustomEvent('past-end'));
    this.#render();
  }

  #onClick(event) {
    const row = event.target.closest('.list-row');
    if (!row) return;
    const place = this.entries.placeOf(Number(row.dataset.seq));
    if (place < 0) return;
    this.select(this.entries.at(place));
    this.dispatchEvent(new CustomEvent('open', { detail: { entry: this.entries.at(place) } }));
  }

  #say() {
    if (!this.badge) return;
    const count = this.#held.length + this.#heldDropped;
    this.badge.hidden = !this.#isPaused;
    this.badge.textContent = count === 0 ? 'Paused: back to now' : `${plural(count, 'new entry').replace('entrys', 'entries')}: back to now`;
    this.dispatchEvent(new CustomEvent('paused', { detail: { isPaused: this.#isPaused, count } }));
  }

  #draw() {
    if (!this.viewport) return;
    const total = this.entries.length;
    const height = this.#rowHeight;
    this.space.style.height = `${total * height}px`;
    this.viewport.setAttribute('aria-rowcount', String(total));
    this.empty.hidden = total > 0;
    if (!this.#isPaused && this.#options.newest === 'bottom') this.#toNow();
    const first = Math.max(0, Math.floor(this.viewport.scrollTop / height) - OVERSCAN);
    const last = Math.min(total, Math.ceil((this.viewport.scrollTop + this.viewport.clientHeight) / height) + OVERSCAN);
    while (this.#rows.length < last - first) this.#rows.push(this.#makeRow());
    const now = performance.now();
    this.#rows.forEach((row, index) => {
      const at = first + index;
      row.hidden = at >= last;
      if (!row.hidden) this.#fill(row, at, this.entries.at(this.#rowOf(at)), height, now);
    });
    for (const [seq, arrived] of this.#arrivals) {
      if (now - arrived > NEW_FOR) this.#arrivals.delete(seq);
      else break;
    }
    if (this.#arrivals.size > 0) setTimeout(this.#render, NEW_FOR);
  }

  #makeRow() {
    const row = element('div', { class: 'list-row', role: 'row' }, ...this.#options.columns.map((name) => element('span', { class: `cell cell-${name}`, role: 'gridcell' })));
    this.space.append(row);
    return row;
  }

  #fill(row, at, entry, height, now) {
    row.style.transform = `translateY(${at * height}px)`;
    row.setAttribute('aria-rowindex', String(at + 1));
    row.setAttribute('aria-selected', String(entry.seq === this.#selected));
    row.classList.toggle('is-new', this.#arrivals.has(entry.seq) && now - this.#arrivals.get(entry.seq) < NEW_FOR);
    row.classList.toggle('is-redacted', entry.redacted === true);
    const isSame = row.dataset.seq === String(entry.seq) && row.dataset.redacted === String(entry.redacted === true);
    row.dataset.seq = String(entry.seq);
    row.dataset.redacted = String(entry.redacted === true);
    this.#options.columns.forEach((name, index) => {
      if (!isSame || (name === 'time' && this.#options.time === 'relative')) this.#fillCell(row.children[index], name, entry);
    });
  }

  #fillCell(cell, name, entry) {
    if (name === 'status') {
      const kind = kindOf(entry.status);
      cell.className = `cell cell-status status-${kind.name}`;
      cell.textContent = `${kind.shape} ${entry.status ?? 'redacted'}`;
      return;
    }
    const text = this.#textOf(name, entry);
    cell.textContent = text;
    cell.title = name === 'time' ? entry.timestamp : text.length > 40 ? text : '';
  }

  #textOf(name, entry) {
    switch (name) {
      case 'seq': return formatNumber(entry.seq);
      case 'time': return this.#options.time === 'relative' ? formatAge(Date.now() - Date.parse(entry.timestamp)) : formatTime(entry.timestamp);
      case 'user': return entry.user_id ?? '';
      case 'query': return entry.redacted ? 'erased' : entry.query;
      case 'attributes': return Object.entries(entry.attributes ?? {}).map(([key, value]) => `${key}=${value}`).join(' ');
      default: return entry.id;
    }
  }
}

const widthOf = (name) => ({ seq: '6rem', time: '13rem', status: '9rem', user: '10rem', id: '20rem' }[name] ?? 'minmax(12rem, 1fr)');

customElements.define('log-list', LogList);
