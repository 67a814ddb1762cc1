// How fast entries come just now.

const WINDOW = 5_000;

export class RateMeter {
  #counts = [];

  add(count, now) {
    const latest = this.#counts.at(-1);
    if (latest && now - latest.at < 250) latest.count += count;
    else this.#counts.push({ at: now, count });
    this.#trim(now);
  }

  /** Entries a second, over the last few. */
  read(now) {
    this.#trim(now);
    return this.#counts.reduce((sum, part) => sum + part.count, 0) / (WINDOW / 1000);
  }

  clear() {
    this.#counts = [];
  }

  #trim(now) {
    while (this.#counts.length > 0 && now - this.#counts[0].at > WINDOW) this.#counts.shift();
  }
}
