// <log-alarm>: the red banner. It stays over reloads, until an operator has acknowledged what it says.

import { alarmDialog } from './alarm-dialog.js';
import { element } from './dom.js';
import { formatTime } from './text.js';

/** Needs a `watch` (CheckpointWatch). */
export class LogAlarm extends HTMLElement {
  #watch = null;
  #refusal = '';
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

  /** Why the service itself says that it signs no more; an empty text when it does. That ends when the service says so. */
  set refusal(text) {
    this.#refusal = text;
    this.#draw();
  }

  #draw() {
    const { alarms } = this.#watch.memory.read();
    // Drawn anew only when it says something else, or a screen reader would say it again and again.
    const shown = JSON.stringify([this.#refusal, alarms.map((alarm) => [alarm.kind, alarm.title, alarm.at])]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.hidden = alarms.length === 0 && this.#refusal === '';
    this.replaceChildren(
      ...alarms.map((alarm) => line(alarm.title, `${alarm.words} Noticed ${formatTime(alarm.at)}.`)),
      ...(this.#refusal ? [line('The service signs no more', this.#refusal)] : []),
      ...(alarms.length === 0 ? [] : [element('button', { type: 'button', 'aria-haspopup': 'dialog', onclick: () => alarmDialog(this.#watch) }, 'Look into it')]));
  }
}

const line = (title, words) => element('p', {}, element('strong', {}, `${title}.`), ` ${words}`);

customElements.define('log-alarm', LogAlarm);
