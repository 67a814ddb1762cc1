// <entry-drawer>: one entry in full, and whether it can be trusted.

import * as api from './api.js';
import { copy, element } from './dom.js';
import { canCheck, checkEntry } from './integrity.js';
import { formatTime, kindOf } from './text.js';

const FIELDS = [['seq', 'Number'], ['id', 'Id'], ['timestamp', 'Accepted'], ['occurred_at', 'Happened'], ['user_id', 'User'], ['status', 'Status'], ['query', 'Query'], ['hash', 'Hash'], ['commitment', 'Commitment']];

/** Raises `close`, and `filter` ({ name, value }) for a field that was clicked. */
export class EntryDrawer extends HTMLElement {
  #entry = null;
  #checking = 0;
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
  }

  get entry() {
    return this.#entry;
  }

  open(entry, { focus = true } = {}) {
    if (!this.#entry) this.#opener = document.activeElement;
    this.#entry = entry;
    this.#checking += 1;
    this.hidden = false;
    this.#show();
    if (focus) this.querySelector('h2').focus();
  }

  close() {
    if (!this.#entry) return;
    this.#entry = null;
    this.hidden = true;
    this.#opener?.focus?.();
    this.dispatchEvent(new CustomEvent('close'));
  }

  #show() {
    const entry = this.#entry;
    const kind = kindOf(entry.status);
    this.verdict = element('section', { class: 'verdict', 'aria-live': 'polite' });
    this.replaceChildren(
      element('header', { class: 'drawer-header' },
        element('h2', { tabindex: '-1' }, element('span', { class: `status-${kind.name}`, 'aria-hidden': 'true' }, kind.shape), ` ${entry.status ?? 'Redacted entry'}`),
        element('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => this.close() }, '✕')),
      element('div', { class: 'drawer-actions' },
        element('button', { type: 'button', class: 'primary', onclick: () => this.verify() }, 'Verify'),
        element('button', { type: 'button', onclick: (event) => this.#copy(event.target, JSON.stringify(entry, null, 2)) }, 'Copy JSON'),
        element('button', { type: 'button', onclick: (event) => this.#copy(event.target, this.#permalink()) }, 'Copy link'),
        element('a', { class: 'button', href: api.proofAddress(entry.id), download: `${entry.id}.tlog-proof` }, 'Download proof')),
      this.verdict,
      this.#fields(entry),
      element('details', {}, element('summary', {}, 'Raw JSON'), element('pre', { class: 'raw', tabindex: '0' }, JSON.stringify(entry, null, 2))));
  }

  #fields(entry) {
    const list = element('dl', { class: 'fields' });
    for (const [name, title] of FIELDS) {
      if (entry[name] === undefined) continue;
      const value = name === 'timestamp' || name === 'occurred_at' ? `${formatTime(entry[name])} (${entry[name]})` : String(entry[name]);
      const filter = { user_id: 'user', status: 'status' }[name];
      list.append(element('dt', {}, title), element('dd', { class: `field-${name}` }, filter ? this.#filterButton(filter, entry[name]) : value));
    }
    for (const [name, value] of Object.entries(entry.attributes ?? {})) {
      list.append(element('dt', {}, name), element('dd', {}, this.#filterButton(`attr.${name}`, value)));
    }
    if (entry.redacted) list.append(element('dt', {}, 'Content'), element('dd', {}, 'was erased; the leaf in the log still shows that an entry stood here'));
    return list;
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

  /** Asks the service for its verdict, and checks for itself what can be checked without trusting it. */
  async verify() {
    const entry = this.#entry;
    const round = this.#checking += 1;
    this.verdict.replaceChildren(element('p', {}, 'Verifying…'));
    const parts = [];
    try {
      const { verification } = await api.verifyLog(entry.id);
      parts.push(element('h3', {}, 'The service says'), element('ul', { class: 'steps' }, this.#step(verificationText(verification), verification.valid)));
    } catch (fault) {
      parts.push(element('h3', {}, 'The service says'), element('ul', { class: 'steps' }, this.#step(fault.message, false)));
    }
    parts.push(element('h3', {}, 'This browser has checked'));
    const list = element('ul', { class: 'steps' });
    parts.push(list);
    try {
      if (!canCheck()) throw new Error('This page must be opened over HTTPS, or on localhost, for the browser to check for itself.');
      const [proof, transparency] = await Promise.all([api.readProof(entry.id), api.readTransparency()]);
      for (const step of await checkEntry(entry, proof, transparency.vkey)) list.append(this.#step(step.text, step.ok, step.detail));
    } catch (fault) {
      list.append(this.#step(fault.code === 'proof_pending' ? 'The entry is not in a signed checkpoint yet: try again in a second' : fault.message, false));
    }
    if (round === this.#checking) this.verdict.replaceChildren(...parts);
  }

  #step(text, ok, detail = '') {
    return element('li', { class: ok ? 'step-ok' : 'step-bad' },
      element('span', { 'aria-hidden': 'true' }, ok ? '✓' : '✗'),
      element('span', { class: 'visually-hidden' }, ok ? 'holds: ' : 'does not hold: '),
      element('span', {}, text),
      detail ? element('code', {}, detail) : null);
  }
}

function verificationText(verification) {
  if (!verification.valid) return verification.error ?? 'The entry is not valid.';
  const place = verification.inclusion === 'included'
    ? ` and in the log at place ${verification.log_index} of ${verification.tree_size}`
    : ', and not in a signed checkpoint yet';
  return verification.redacted ? `The content was erased; what is left is as it was made${place}.` : `The entry is what was written${place}.`;
}

customElements.define('entry-drawer', EntryDrawer);
