// What is older than what is shown, page by page.

const PAGE = 500;
// Processes whose clocks differ can give a lower number a later time: as much is looked at again.
const CLOCKS_DIFFER_BY = 1_000;

/** Reads backwards from where the shown entries begin. */
export class LogHistory {
  #search;
  #parameters = new URLSearchParams();
  #cursor;
  #oldestSeq = null;
  #running = null;

  /** `search(parameters, signal)` asks the service for a page. */
  constructor(search) {
    this.#search = search;
  }

  get isLoading() {
    return this.#running !== null;
  }

  /** Starts with other conditions. */
  reset(parameters) {
    this.#running?.abort();
    this.#running = null;
    this.#parameters = new URLSearchParams(parameters);
    this.#cursor = undefined;
    this.#oldestSeq = null;
  }

  /** Goes on where a page of the stream ended: `cursor` is null at the oldest entry, and missing when the service gave none. */
  startAt(cursor, oldest) {
    this.#cursor = cursor;
    this.#oldestSeq = oldest?.seq ?? null;
  }

  /** Whether there is nothing older than `oldest`. */
  isAtEnd(oldest) {
    return this.#cursor === null && this.#isWhereItWas(oldest);
  }

  /** Gives `{ entries, isEnd }`, newest first; entries can be none although there are more, when few match. */
  async readOlder(oldest) {
    const controller = new AbortController();
    this.#running = controller;
    try {
      const parameters = this.#parametersFor(oldest);
      let page = await this.#search(parameters, controller.signal);
      let entries = olderThan(oldest, page);
      // Without a cursor the first pages can be of entries that are shown already.
      while (entries.length === 0 && page.items.length > 0 && page.next_cursor) {
        parameters.set('cursor', page.next_cursor);
        page = await this.#search(parameters, controller.signal);
        entries = olderThan(oldest, page);
      }
      controller.signal.throwIfAborted();
      this.#cursor = page.next_cursor ?? null;
      this.#oldestSeq = entries.at(-1)?.seq ?? oldest?.seq ?? null;
      return { entries, isEnd: this.#cursor === null };
    } finally {
      if (this.#running === controller) this.#running = null;
    }
  }

  #parametersFor(oldest) {
    const parameters = new URLSearchParams(this.#parameters);
    parameters.set('order', 'desc');
    parameters.set('limit', String(PAGE));
    if (this.#cursor && this.#isWhereItWas(oldest)) {
      parameters.set('cursor', this.#cursor);
    } else if (oldest?.timestamp) {
      // Entries were let go since, so the place that the cursor names is another one.
      const before = Date.parse(oldest.timestamp) + CLOCKS_DIFFER_BY;
      const to = parameters.get('to');
      if (to === null || Date.parse(to) > before) parameters.set('to', new Date(before).toISOString());
    }
    return parameters;
  }

  #isWhereItWas(oldest) {
    return (oldest?.seq ?? null) === this.#oldestSeq;
  }
}

function olderThan(oldest, page) {
  const gaps = (page.gaps ?? []).map((gap) => ({ ...gap, seq: gap.from, isGap: true }));
  const before = oldest?.seq ?? Infinity;
  const all = gaps.length > 0 ? page.items.concat(gaps).sort((a, b) => b.seq - a.seq) : page.items;
  return all.filter((entry) => entry.seq < before);
}
