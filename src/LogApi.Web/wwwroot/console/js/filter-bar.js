// <filter-bar>: one line of words, with what could be meant offered below it.

import { element, icon } from './dom.js';
import { completionsAt, readFilter } from './filter.js';
import { kindOf } from './text.js';

/** Raises `filter` (the text) when it is to be used. */
export class FilterBar extends HTMLElement {
  known = { users: [], statuses: [], attributes: new Map() };
  #offers = [];
  #active = -1;

  connectedCallback() {
    if (this.input) return;
    this.input = element('input', {
      type: 'text', id: 'filter', role: 'combobox', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'search',
      'aria-expanded': 'false', 'aria-autocomplete': 'list', 'aria-controls': 'filter-offers', 'aria-describedby': 'filter-problem',
      placeholder: 'Filter: user:alice status:ERROR some text attr.client:backup from:-1h',
      oninput: () => this.#offer(), onkeydown: (event) => this.#onKey(event), onblur: () => this.#hide(), onclick: () => this.#offer(),
    });
    this.list = element('ul', { id: 'filter-offers', role: 'listbox', 'aria-label': 'Suggestions', hidden: true });
    this.problem = element('p', { id: 'filter-problem', class: 'problem', role: 'alert' });
    this.clear = element('button', { type: 'button', class: 'quiet small', 'aria-label': 'Clear the filter', hidden: true, onclick: () => this.#empty() }, icon('close'));
    this.append(
      element('label', { for: 'filter', class: 'visually-hidden' }, 'Filter'),
      element('div', { class: 'filter-field' }, icon('search'), this.input, this.clear, element('kbd', { 'aria-hidden': 'true' }, '/')),
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
    this.#offer();
  }

  /** Says what is wrong with the filter, when only the service could know. */
  refuse(text) {
    this.#say(text);
  }

  #empty() {
    this.input.value = '';
    this.#use();
    this.input.focus();
  }

  #check() {
    const { errors } = readFilter(this.input.value);
    this.clear.hidden = this.input.value === '';
    this.#say(errors.join(' '));
    return errors.length === 0;
  }

  #say(problem) {
    this.problem.textContent = problem;
    this.input.setAttribute('aria-invalid', String(problem !== ''));
  }

  #use() {
    this.#hide();
    if (this.#check()) this.dispatchEvent(new CustomEvent('filter', { detail: this.input.value.trim() }));
  }

  #offer() {
    this.#say('');
    this.clear.hidden = this.input.value === '';
    this.#offers = completionsAt(this.input.value, this.input.selectionStart ?? this.input.value.length, this.known);
    this.#active = -1;
    this.list.replaceChildren(...this.#offers.map((offer, index) => element('li', {
      id: `filter-offer-${index}`, role: 'option', 'aria-selected': 'false',
      onpointerdown: (event) => { event.preventDefault(); this.#take(index); },
    }, element('span', { class: offer.status ? `status-${kindOf(offer.status).name}` : '' }, offer.status ? element('span', { class: 'shape', 'aria-hidden': 'true' }) : null, offer.value),
    element('span', { class: 'hint' }, offer.hint))));
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
    else if (event.key === 'ArrowDown') this.#offer();
    else if (event.key === 'ArrowUp' && count > 0) this.#mark((this.#active <= 0 ? count : this.#active) - 1);
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
