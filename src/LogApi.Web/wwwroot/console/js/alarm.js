// <log-alarm>: the red banner. It stays over reloads, until an operator has acknowledged what it says.

import { alarmDialog } from './alarm-dialog.js';
import { element } from './dom.js';
import { formatTime } from './text.js';

/** Needs a `watch` (CheckpointWatch). */
export class LogAlarm extends HTMLElement {
  #watch = null;
  #told = new Map();
  #shown = '';

  connectedCallback() {
    this.setAttribute('role', 'alert');
    this.hidden = true;
  }

  set watch(watch) {
    this.#watch = watch;
    watch.memory.addEventListener('change', () => this.#draw());
    this.#draw();
  }

  /**
   * Shows what the service itself says is wrong, in place of what it said under the same title before; empty words take it away. That is
   * no finding of this browser's, and nothing to acknowledge: it ends when the service says so.
   */
  tell(title, words) {
    if (words) this.#told.set(title, words);
    else this.#told.delete(title);
    this.#draw();
  }

  #draw() {
    const { alarms } = this.#watch.memory.read();
    // Drawn anew only when it says something else, or a screen reader would say it again and again.
    const shown = JSON.stringify([...this.#told, ...alarms.map((alarm) => [alarm.kind, alarm.title, alarm.at])]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.hidden = alarms.length === 0 && this.#told.size === 0;
    this.replaceChildren(
      ...alarms.map((alarm) => line(alarm.title, `${alarm.words} Noticed ${formatTime(alarm.at)}.`)),
      ...[...this.#told].map(([title, words]) => line(title, words)),
      ...(alarms.length === 0 ? [] : [element('button', { type: 'button', 'aria-haspopup': 'dialog', onclick: () => alarmDialog(this.#watch) }, 'Look into it')]));
  }
}

const line = (title, words) => element('p', {}, element('strong', {}, `${title}.`), ` ${words}`);

customElements.define('log-alarm', LogAlarm);
