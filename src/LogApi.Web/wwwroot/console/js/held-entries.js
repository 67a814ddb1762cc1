// What comes while somebody looks at older entries: in order, bounded, and counted whole.

import { CAPACITY } from './entries.js';

export class HeldEntries {
  #items = [];
  #dropped = 0;

  /** How many came, also those that there was no room for. */
  get count() {
    return this.#items.length + this.#dropped;
  }

  add(entries) {
    for (const entry of entries) this.#items.push(entry);
    // In large steps: to drop one for each that comes would move all the others each time.
    if (this.#items.length > 2 * CAPACITY) this.#dropped += this.#items.splice(0, CAPACITY).length;
  }

  replace(entry) {
    const place = this.#items.findIndex((held) => held.seq === entry.seq);
    if (place >= 0) this.#items[place] = entry;
  }

  /** Gives what is held and starts anew; `isWhole` is false when the first ones are missing. */
  take() {
    const taken = { entries: this.#items, isWhole: this.#dropped === 0 };
    this.#items = [];
    this.#dropped = 0;
    return taken;
  }
}
