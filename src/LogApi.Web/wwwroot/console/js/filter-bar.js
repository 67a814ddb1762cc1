// <filter-bar>: one line of words, with what could be meant offered below it.

import { element } from './dom.js';
import { completionsAt, readFilter } from './filter.js';

/** Raises `filter` (the text) when it is to be used. */
export class FilterBar extends HTMLElement {
  known = { users: [], statuses: [], attributes: [] };
  #offers = [];
  #active = -1;

  connectedCallback() {
    if (this.input) return;
    this.input = element('input', {
      type: 'text', id: 'filter', role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-expanded': 'false', 'aria-autocomplete': 'list',
      'aria-controls': 'filter-offers', placeholder: 'user:alice status:ERROR some text attr.client:backup from:-1h', 'aria-describedby': 'filter-problem',
      oninput: () => this.#offer(), onkeydown: (event) => this.#onKey(event), onblur: () => this.#hide(), onclick: () => this.#offer(),
    });
    this.list = element('ul', { id: 'filter-offers', role: 'listbox', 'aria-label': 'Suggestions', hidden: true });
    this.problem = element('p', { id: 'filter-problem', class: 'problem', role: 'alert' });
    this.append(
      element('label', { for: 'filter', class: 'visually-hidden' }, 'Filter'), this.input,
      element('button', { type: 'button', class: 'quiet', 'aria-label': 'Clear the filter', onclick: () => { this.input.value = ''; this.#use(); this.input.focus(); } }, '✕'),
      this.list, this.problem);
  }

  get value() {
    return this.input.value;
  }

  set value(text) {
    this.input.value = text;
    this.#check();
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  #check() {
    const { errors } = readFilter(this.input.value);
    this.problem.textContent = errors.join(' ');
    this.input.setAttribute('aria-invalid', String(errors.length > 0));
    return errors.length === 0;
  }

  #use() {
    this.#hide();
    if (this.#check()) this.dispatchEvent(new CustomEvent('filter', { detail: this.input.value.trim() }));
  }

  #offer() {
    this.problem.textContent = '';
    this.#offers = completionsAt(this.input.value, this.input.selectionStart ?? this.input.value.length, this.known);
    this.#active = -1;
    this.list.replaceChildren(...this.#offers.map((offer, index) => element('li', {
      id: `filter-offer-${index}`, role: 'option', 'aria-selected': 'false',
      onpointerdown: (event) => { event.preventDefault(); this.#take(index); },
    }, element('span', {}, offer.value), element('span', { class: 'hint' }, offer.hint))));
    this.list.hidden = this.#offers.length === 0;
    this.input.setAttribute('aria-expanded', String(!this.list.hidden));
    this.input.removeAttribute('aria-activedescendant');
  }

  #hide() {
    this.list.hidden = true;
    this.#active = -1;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  #mark(index) {
    this.#active = index;
    [...this.list.children].forEach((item, at) => item.setAttribute('aria-selected', String(at === index)));
    this.input.setAttribute('aria-activedescendant', `filter-offer-${index}`);
  }

  #take(index) {
    const { value, start, end } = this.#offers[index];
    const isWhole = !value.endsWith(':') && !value.endsWith('.');
    const text = this.input.value;
    const inserted = isWhole ? `${value} ` : value;
    this.input.value = text.slice(0, start) + inserted + text.slice(end).trimStart();
    this.input.setSelectionRange(start + inserted.length, start + inserted.length);
    this.#offer();
  }

  #onKey(event) {
    const count = this.list.hidden ? 0 : this.#offers.length;
    if (event.key === 'ArrowDown' && count > 0) this.#mark((this.#active + 1) % count);
    else if (event.key === 'ArrowUp' && count > 0) this.#mark((this.#active - 1 + count) % count);
    else if (event.key === 'Tab' && this.#active >= 0) this.#take(this.#active);
    else if (event.key === 'Enter' && this.#active >= 0) this.#take(this.#active);
    else if (event.key === 'Enter') this.#use();
    else if (event.key === 'Escape' && count > 0) this.#hide();
    else if (event.key === 'Escape') this.input.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define('filter-bar', FilterBar);
