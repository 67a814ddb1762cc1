// <log-trust>: whether this browser's own checks of the log hold, in two words that are always there; the rest is in a dialog.

import { element } from './dom.js';
import { keyDialog } from './key-dialog.js';

const SHAPES = { good: '✓', bad: '✗', doubt: '?', failed: '…', unable: '◌', unknown: '…' };

/** Needs a `watch` (CheckpointWatch). */
export class LogTrust extends HTMLElement {
  #watch = null;
  #shown = '';

  set watch(watch) {
    this.#watch = watch;
    watch.addEventListener('state', () => this.#draw());
    watch.memory.addEventListener('change', () => this.#draw());
    this.#draw();
  }

  #draw() {
    this.button ??= this.appendChild(element('button', { type: 'button', class: 'quiet', 'aria-haspopup': 'dialog', onclick: () => keyDialog(this.#watch) }));
    const { alarms } = this.#watch.memory.read();
    const { state, title } = this.#watch.state;
    const [name, words] = alarms.length > 0 ? ['bad', 'Alarm'] : [state, state === 'good' ? 'Checked here' : title];
    if (this.#shown === name + words) return;
    this.#shown = name + words;
    this.setAttribute('data-state', name);
    this.button.replaceChildren(element('span', { 'aria-hidden': 'true' }, `${SHAPES[name]} `), words);
  }
}

customElements.define('log-trust', LogTrust);
