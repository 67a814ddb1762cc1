// The entries that are at hand: in order, each once, bounded.

export const CAPACITY = 50_000;

export class Entries {
  #items = [];
  #first = 0;

  /** Sequence numbers are whole numbers far below 2^53. */
  get length() {
    return this.#items.length - this.#first;
  }

  /** Gives the entry at a place, the oldest being at 0. */
  at(place) {
    return this.#items[this.#first + place];
  }

  get oldest() {
    return this.at(0);
  }

  get newest() {
    return this.at(this.length - 1);
  }

  /** Adds entries behind the newest one; those that are there already are passed over. Gives how many were added, and dropped. */
  append(entries) {
    let last = this.length > 0 ? this.newest.seq : -1;
    let added = 0;
    for (const entry of entries) {
      if (entry.seq <= last) continue;
      last = entry.seq;
      this.#items.push(entry);
      added += 1;
    }
    const dropped = Math.max(0, this.length - CAPACITY);
    this.#first += dropped;
    for (let i = this.#first - dropped; i < this.#first; i += 1) this.#items[i] = undefined;
    if (this.#first > CAPACITY) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return { added, dropped };
  }

  /** Adds older entries, newest first as a search gives them, before the oldest one; as many as there is room for. */
  prepend(entries) {
    const before = this.length > 0 ? this.oldest.seq : Infinity;
    const fresh = entries.filter((entry) => entry.seq < before).slice(0, CAPACITY - this.length).reverse();
    this.#items = fresh.concat(this.#items.slice(this.#first));
    this.#first = 0;
    return fresh.length;
  }

  /** Puts another form of an entry in its place, as when it was redacted. */
  replace(entry) {
    const place = this.placeOf(entry.seq);
    if (place >= 0) this.#items[this.#first + place] = entry;
    return place;
  }

  /** Finds the place of a sequence number; -1 when it is not there. */
  placeOf(seq) {
    let low = 0;
    let high = this.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.at(middle).seq;
      if (found === seq) return middle;
      if (found < seq) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  clear() {
    this.#items = [];
    this.#first = 0;
  }
}
