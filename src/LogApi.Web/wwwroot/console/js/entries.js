// The entries that are at hand: in order, each once, bounded. What is known to be missing has a place among them:
// `{ seq, to, reason, isGap: true }`.

export const CAPACITY = 50_000;

export class Entries {
  #items = [];
  #first = 0;

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

  /** How many more there is room for. */
  get room() {
    return CAPACITY - this.length;
  }

  /** Adds entries behind the newest one; those that are there already are passed over. Gives those added and how many had to go. */
  append(entries) {
    let last = this.length > 0 ? lastOf(this.newest) : -1;
    const added = [];
    for (const entry of entries) {
      if (entry.seq <= last) continue;
      last = lastOf(entry);
      this.#items.push(entry);
      added.push(entry);
    }
    return { added, dropped: this.#dropBeyondCapacity() };
  }

  /** Adds older entries, newest first as a search gives them, before the oldest one; as many as there is room for. */
  prepend(entries) {
    const before = this.length > 0 ? this.oldest.seq : Infinity;
    const fresh = entries.filter((entry) => entry.seq < before).slice(0, Math.max(0, this.room)).reverse();
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

  #dropBeyondCapacity() {
    const dropped = Math.max(0, this.length - CAPACITY);
    this.#items.fill(undefined, this.#first, this.#first + dropped);
    this.#first += dropped;
    // Moved to the front now and then, not each time: that would copy everything for every entry.
    if (this.#first >= CAPACITY) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return dropped;
  }
}

const lastOf = (entry) => entry.to ?? entry.seq;
