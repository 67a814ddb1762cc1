// <filter-chips>: the conditions that are in force, each with a way to drop it.

import { element, icon } from './dom.js';
import { conditionsOf, instantOf } from './filter.js';
import { formatTime } from './text.js';

/** Raises `drop` (the name of a condition). */
export class FilterChips extends HTMLElement {
  #shown = '';

  show(filter) {
    const conditions = conditionsOf(filter);
    const key = JSON.stringify(conditions);
    if (key === this.#shown) return;
    this.#shown = key;
    this.replaceChildren(...conditions.map(({ name, value }) => element('span', { class: 'chip' },
      element('span', { class: 'chip-name' }, name), element('span', { class: 'chip-value', title: value }, textOf(name, value)),
      element('button', {
        type: 'button', 'aria-label': `Drop the condition ${name}`, onclick: () => this.dispatchEvent(new CustomEvent('drop', { detail: name })),
      }, icon('close')))));
  }
}

// A time as it was typed when it moves with the clock, and as it is here when it does not.
function textOf(name, value) {
  if ((name !== 'from' && name !== 'to') || value.startsWith('-')) return value;
  return formatTime(instantOf(value, 0)).replace(/\.000$/, '');
}

customElements.define('filter-chips', FilterChips);
