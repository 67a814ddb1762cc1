// Which entries came just now. Only the first number of what came together is kept, not every entry.

/** How long a row counts as new, in milliseconds. */
export const NEW_FOR = 3_000;

export class Freshness {
  #arrivals = [];

  add(firstSeq, now) {
    const latest = this.#arrivals.at(-1);
    // A tenth of a second is as fine as an eye can tell apart, and keeps the list short when thousands come a second.
    if (latest && now - latest.at < 100) return;
    this.#arrivals.push({ firstSeq, at: now });
  }

  /** The lowest number that is still new; Infinity when none is. */
  since(now) {
    while (this.#arrivals.length > 0 && now - this.#arrivals[0].at > NEW_FOR) this.#arrivals.shift();
    return this.#arrivals.length > 0 ? this.#arrivals[0].firstSeq : Infinity;
  }

  clear() {
    this.#arrivals = [];
  }
}
