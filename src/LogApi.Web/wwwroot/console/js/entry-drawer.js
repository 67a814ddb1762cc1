// <entry-drawer>: one entry in full, and whether it can be trusted.

import * as api from './api.js';
import { copy, element } from './dom.js';
import './entry-verdict.js';
import { formatTime, kindOf } from './text.js';

const FIELDS = [
  ['seq', 'Number'], ['timestamp', 'Accepted'], ['occurred_at', 'Happened'], ['user_id', 'User'], ['status', 'Status'], ['query', 'Query'],
  ['id', 'Id'], ['hash', 'Hash'], ['commitment', 'Commitment'],
];
const FILTERS = { user_id: 'user', status: 'status' };
const TIMES = ['timestamp', 'occurred_at'];

// As in the style sheet: where there is no room beside the list, the drawer lies over the page.
const COVERS = matchMedia('(max-width: 900px)');

/** Needs a `watch` (CheckpointWatch). Raises `close`, and `filter` ({ name, value }) for a field that was clicked. */
export class EntryDrawer extends HTMLElement {
  #entry = null;
  #opener = null;

  connectedCallback() {
    this.hidden = true;
    this.setAttribute('role', 'complementary');
    this.setAttribute('aria-label', 'Entry');
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    });
    COVERS.addEventListener('change', () => this.#holdFocus());
  }

  get entry() {
    return this.#entry;
  }

  open(entry, { focus = true } = {}) {
    if (!this.#entry) this.#opener = document.activeElement;
    this.#entry = entry;
    this.hidden = false;
    this.#show();
    this.#holdFocus();
    if (focus) this.querySelector('h2').focus();
  }

  close() {
    if (!this.#entry) return;
    this.#entry = null;
    this.hidden = true;
    this.verdict.clear();
    this.#holdFocus();
    this.#opener?.focus?.();
    this.dispatchEvent(new CustomEvent('close'));
  }

  /** Asks the service for its verdict, and checks what can be checked without trusting it. */
  verify() {
    const done = this.verdict.verify(this.#entry);
    this.verdict.scrollIntoView({ block: 'nearest' });
    return done;
  }

  // What lies under the drawer must not be reached with the keyboard. What is said aloud and what must not be missed stays.
  #holdFocus() {
    const isCovering = COVERS.matches && this.#entry !== null;
    for (let at = this; at !== document.body; at = at.parentElement) {
      for (const other of at.parentElement.children) {
        if (other !== at && !other.matches('log-alarm, dialog, [role=status], [aria-live]')) other.inert = isCovering;
      }
    }
  }

  #show() {
    const entry = this.#entry;
    const kind = kindOf(entry.status);
    this.verdict = element('entry-verdict', { class: 'verdict' });
    this.verdict.watch = this.watch;
    const parts = [
      element('header', { class: 'drawer-header' },
        element('div', {},
          element('h2', { tabindex: '-1' }, element('span', { class: `status-${kind.name}`, 'aria-hidden': 'true' }, kind.shape), ` ${entry.status ?? 'Redacted entry'}`),
          element('p', { class: 'drawer-subtitle' }, [entry.seq === undefined ? null : `Number ${entry.seq}`, formatTime(entry.timestamp)].filter(Boolean).join(' · '))),
        element('button', { type: 'button', class: 'quiet', 'aria-label': 'Close the entry', onclick: () => this.close() }, '✕')),
      element('div', { class: 'drawer-actions' },
        element('button', { type: 'button', class: 'primary', onclick: () => this.verify() }, 'Verify'),
        element('button', { type: 'button', onclick: (event) => this.#copy(event.target, rawOf(entry)) }, 'Copy JSON'),
        element('button', { type: 'button', onclick: (event) => this.#copy(event.target, this.#permalink()) }, 'Copy link'),
        element('a', { class: 'button', href: api.proofAddress(entry.id), download: `${entry.id}.tlog-proof`, title: 'The entry, its proof and the signed checkpoint in one file, which can be checked without this service' }, 'Save proof')),
      this.verdict,
      entry.redacted ? element('p', { class: 'drawer-note' }, 'The content of this entry was erased on request. Its leaf stays in the log, and proves that an entry stood here at this time.') : null,
      this.#fields(entry),
      this.#attributes(entry.attributes),
      element('details', { class: 'drawer-raw' }, element('summary', {}, 'Raw JSON'), element('pre', { class: 'raw', tabindex: '0', 'aria-label': 'Raw JSON' }, rawOf(entry))),
    ];
    this.replaceChildren(...parts.filter((part) => part !== null));
  }

  #fields(entry) {
    const list = element('dl', { class: 'fields' });
    for (const [name, title] of FIELDS) {
      if (entry[name] === undefined) continue;
      list.append(element('dt', {}, title), element('dd', { class: `field-${name}` }, this.#value(name, entry[name])));
    }
    return list;
  }

  #value(name, value) {
    if (TIMES.includes(name)) return element('time', { datetime: value }, `${formatTime(value)} `, element('span', { class: 'hint' }, value));
    return FILTERS[name] ? this.#filterButton(FILTERS[name], value) : String(value);
  }

  #attributes(attributes) {
    const pairs = Object.entries(attributes ?? {});
    if (pairs.length === 0) return null;
    return element('section', { 'aria-label': 'Attributes' },
      element('h3', {}, 'Attributes'),
      element('dl', { class: 'fields' }, ...pairs.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, this.#filterButton(`attr.${name}`, value))])));
  }

  #filterButton(name, value) {
    return element('button', {
      type: 'button', class: 'link', title: `Show only ${name}:${value}`,
      onclick: () => this.dispatchEvent(new CustomEvent('filter', { detail: { name, value } })),
    }, value);
  }

  #permalink() {
    const address = new URL(location.href);
    address.search = `?entry=${this.#entry.id}`;
    return address.href;
  }

  async #copy(button, text) {
    const label = button.textContent;
    try {
      await copy(text);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not allowed by the browser';
    }
    setTimeout(() => { button.textContent = label; }, 1_500);
  }
}

// As the API gives it: what kind of a message brought it is no part of the entry.
const rawOf = ({ type, ...entry }) => JSON.stringify(entry, null, 2);

customElements.define('entry-drawer', EntryDrawer);
