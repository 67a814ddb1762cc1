// What the filter selects: the stream, the list and what is older, brought together.

import * as api from './api.js';
import { latenessOf, serviceNow } from './clock.js';
import { instantOf, parametersOf, readFilter } from './filter.js';
import { LogHistory } from './log-history.js';
import { RateMeter } from './rate-meter.js';
import { LiveStream } from './stream.js';
import { formatNumber } from './text.js';

const NEWEST = 200;
// Few entries match a rare condition, and each search looks through a bounded part of the log.
const SEARCHES_AT_ONCE = 4;
const ANSWER_WITHIN = 3_000;

/** Raises `entries` (those that came or were loaded), `state`, `integrity`, and `refused` (why the service won't have the filter). */
export class LiveView extends EventTarget {
  #list;
  #chart;
  #status;
  #stream = new LiveStream(explain);
  #history = new LogHistory(api.searchLogs);
  #meter = new RateMeter();
  #streamKey = null;
  #filter = readFilter('').filter;
  #isPast = false;

  constructor({ list, chart, status }) {
    super();
    this.#list = list;
    this.#chart = chart;
    this.#status = status;
    this.#listen();
  }

  get filter() {
    return this.#filter;
  }

  /** Whether what is shown ends in the past, so that nothing new can come. */
  get isPast() {
    return this.#isPast;
  }

  /** Entries a second, just now. */
  get rate() {
    return this.#meter.read(performance.now());
  }

  retry() {
    this.#stream.retry();
  }

  /** Shows what a filter selects, from the newest on. */
  show(text) {
    const now = serviceNow();
    const { filter } = readFilter(text);
    this.#filter = filter;
    const to = filter.to ? instantOf(filter.to, now) : null;
    this.#isPast = to !== null && to <= now;
    const conditions = parametersOf(filter, { withTimes: false });
    this.#history.reset(parametersOf(filter, { withTimes: true, now }));
    this.#list.clear();
    this.#list.found = filter.text ?? '';
    this.#showChart(conditions.toString(), filter, now, to);
    if (this.#isPast) this.#showPast(conditions);
    else this.#startStream(parametersOf(filter, { withTimes: true, now }), NEWEST);
  }

  /** Loads what is older than what is shown. */
  async loadOlder() {
    if (this.#history.isLoading) return;
    const list = this.#list;
    if (list.entries.room <= 0) {
      list.setEnd('full', `${formatNumber(list.entries.length)} entries are as many as this page keeps.`);
      return;
    }
    list.setEnd('loading', 'Loading older entries…');
    try {
      for (let searches = 0; searches < SEARCHES_AT_ONCE; searches += 1) {
        const { entries, isEnd } = await this.#history.readOlder(oldestOf(list.entries));
        this.#takeOlder(entries);
        if (isEnd) {
          this.#showEnd();
          return;
        }
        if (entries.length > 0) {
          list.setEnd('idle');
          return;
        }
      }
      list.setEnd('more', 'Nothing older matches in what was searched so far.');
      list.setMessage('Nothing matches in what was searched so far.', { name: 'search-on', label: 'Search further back' });
    } catch (fault) {
      if (fault.name === 'AbortError') return;
      list.setEnd('failed', `Older entries can’t be loaded: ${fault.message}`);
      list.setMessage(`The entries can’t be loaded: ${fault.message}`, { name: 'search-on', label: 'Try again' });
    }
  }

  #showChart(key, filter, now, to) {
    const from = filter.from ? instantOf(filter.from, now) : null;
    if (key === this.#streamKey) {
      this.#chart.counts.clearLoaded();
    } else {
      this.#chart.counts.clear();
      this.#meter.clear();
    }
    this.#chart.range = from !== null && to !== null && from < to ? { from, to } : null;
  }

  // The stream goes on for the chart and the truth about it, while the list shows a span of the past.
  #showPast(conditions) {
    if (conditions.toString() !== this.#streamKey || this.#stream.state === 'offline') this.#startStream(conditions, 1);
    this.#history.startAt(undefined, null);
    this.loadOlder();
  }

  #startStream(parameters, limit) {
    this.#streamKey = parametersOf(this.#filter, { withTimes: false }).toString();
    this.#chart.counts.watch(false, serviceNow());
    this.#stream.start(parameters, limit);
  }

  #listen() {
    const stream = this.#stream;
    stream.addEventListener('state', ({ detail }) => this.#onState(detail));
    stream.addEventListener('entries', ({ detail }) => this.#onEntries(detail));
    stream.addEventListener('lost', ({ detail }) => this.#status.addLost(detail));
    stream.addEventListener('filled', ({ detail }) => this.#status.addFilled(detail));
    stream.addEventListener('renumbered', () => {
      this.#list.clear();
      this.#history.startAt(undefined, null);
      this.#list.setEnd('idle');
      this.#chart.counts.clear();
    });
    stream.addEventListener('heartbeat', ({ detail }) => this.#status.set({ connections: detail.active_connections, seq: stream.seq, heardAt: Date.now() }));
    stream.addEventListener('integrity', ({ detail }) => this.#raise('integrity', detail));
  }

  #onState({ state, failure, transport }) {
    this.#status.set({ state, failure, transport, ...(state === 'live' ? { heardAt: Date.now() } : {}) });
    this.#chart.counts.watch(state === 'live', serviceNow());
    if (state === 'refused') {
      this.#list.setEnd('end');
      this.#list.setMessage('The service does not accept this filter.', { name: 'drop-filter', label: 'Drop the filter' });
      this.#raise('refused', failure);
    } else if (state === 'reconnecting' && this.#list.entries.length === 0 && !this.#isPast) {
      this.#list.setEnd('end');
      this.#list.setMessage(`${failure} The page keeps trying.`);
    } else if (state === 'connecting' && !this.#isPast) {
      this.#list.setEnd('loading');
    }
    this.#raise('state', { state });
  }

  #onEntries({ entries, isHistory, cursor }) {
    if (isHistory) this.#takeNewest(entries, cursor);
    else this.#takeLive(entries);
    this.#chart.refresh();
    this.#status.set({ seq: this.#stream.seq, heardAt: Date.now() });
    this.#raise('entries', entries);
  }

  #takeNewest(entries, cursor) {
    this.#chart.counts.addLoaded(entries);
    if (this.#isPast) return;
    this.#list.add(entries, { isHistory: true });
    this.#history.startAt(cursor, oldestOf(this.#list.entries));
    if (this.#history.isAtEnd(oldestOf(this.#list.entries))) this.#showEnd();
    else this.#list.setEnd('idle');
    if (this.#list.entries.length === 0 && cursor !== null) this.loadOlder();
  }

  #takeLive(entries) {
    this.#chart.counts.addLive(entries);
    this.#meter.add(entries.length, performance.now());
    const newest = entries.findLast((entry) => !entry.isGap);
    if (newest) this.#status.set({ lag: latenessOf(newest.timestamp) });
    if (!this.#isPast) this.#list.add(entries);
  }

  #takeOlder(entries) {
    if (entries.length === 0) return;
    this.#chart.counts.addLoaded(entries);
    this.#chart.refresh();
    for (const gap of entries.filter((entry) => entry.isGap)) this.#status.addLost(gap);
    this.#list.addOlder(entries);
    this.#raise('entries', entries);
  }

  #showEnd() {
    const isFiltered = parametersOf(this.#filter, { withTimes: true }).size > 0;
    this.#list.setEnd('end', isFiltered ? 'Nothing older matches.' : 'The log begins here.');
    if (!isFiltered) this.#list.setMessage('The log is empty. The first entry shows here as soon as it is written.', { name: 'write', label: 'Write a test entry' });
    else if (this.#isPast) this.#list.setMessage('Nothing matches in this span of time.', { name: 'drop-times', label: 'Back to live' });
    else this.#list.setMessage('Nothing matches so far. What comes from now on shows here.', { name: 'drop-filter', label: 'Drop the filter' });
  }

  #raise(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// The number where the list begins, and a time near it: what is missing has no time of its own.
function oldestOf(entries) {
  if (entries.length === 0) return null;
  let place = 0;
  while (place < entries.length - 1 && entries.at(place).isGap) place += 1;
  return { seq: entries.oldest.seq, timestamp: entries.at(place).timestamp };
}

async function explain(parameters) {
  const asked = new URLSearchParams(parameters);
  for (const name of ['batch', 'after', 'offset']) asked.delete(name);
  asked.set('limit', '1');
  try {
    await api.searchLogs(asked, AbortSignal.timeout(ANSWER_WITHIN));
    return { isReachable: true, refusal: null };
  } catch (fault) {
    return { isReachable: fault.status === 400, refusal: fault.status === 400 ? fault.message : null };
  }
}
