// Where each row stands. Places are counted from the oldest entry, heights from its upper edge.

/** Rows that are all of one height. */
export class EvenRows {
  #height;
  length = 0;

  constructor(height) {
    this.#height = height;
  }

  get total() {
    return this.length * this.#height;
  }

  append() {
    this.length += 1;
  }

  drop(count) {
    this.length -= count;
  }

  topOf(place) {
    return place * this.#height;
  }

  heightOf() {
    return this.#height;
  }

  placeAt(y) {
    return Math.floor(y / this.#height);
  }
}

/** Rows whose height is found once, when they come: the edges are sums, so that any of them is found by halving. */
export class UnevenRows {
  #measure;
  #edges = [0];
  #first = 0;

  constructor(measure) {
    this.#measure = measure;
  }

  get length() {
    return this.#edges.length - 1 - this.#first;
  }

  get total() {
    return this.#edges.at(-1) - this.#edges[this.#first];
  }

  append(entry) {
    this.#edges.push(this.#edges.at(-1) + this.#measure(entry));
  }

  drop(count) {
    this.#first += count;
    if (this.#first < 50_000) return;
    const base = this.#edges[this.#first];
    this.#edges = this.#edges.slice(this.#first).map((edge) => edge - base);
    this.#first = 0;
  }

  topOf(place) {
    return this.#edges[this.#first + place] - this.#edges[this.#first];
  }

  heightOf(place) {
    return this.#edges[this.#first + place + 1] - this.#edges[this.#first + place];
  }

  placeAt(y) {
    const wanted = y + this.#edges[this.#first];
    let low = this.#first;
    let high = this.#edges.length - 1;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.#edges[middle] <= wanted) low = middle;
      else high = middle;
    }
    return low - this.#first;
  }
}

/** How many lines a text takes where each has room for so many letters, breaking anywhere. */
export function linesOf(text, lettersPerLine, most) {
  let lines = 1;
  let used = 0;
  // What is beyond the last line that is shown need not be looked at.
  const end = Math.min(text.length, lettersPerLine * most);
  for (let at = 0; at < end && lines < most; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      lines += 1;
      used = 0;
      continue;
    }
    // Letters of some scripts are as wide as two.
    const width = code >= 0x1100 ? 2 : 1;
    if (used + width > lettersPerLine) {
      lines += 1;
      used = 0;
    }
    used += width;
  }
  return Math.min(lines, most);
}
