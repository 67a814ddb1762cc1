// The live stream: one connection that comes back by itself, from where it was, and tells what it could not get.

import { BackOff } from './back-off.js';
import { latestServiceNow, learnClock } from './clock.js';
import { StreamPosition } from './stream-position.js';
import { openEventSource, openWebSocket } from './transports.js';

// Heartbeats come every half minute unless the operator has set another time.
const SILENCE = 65_000;
const LONGEST_SILENCE = 3_700_000;
const LISTEN_EVERY = 5_000;
const NO_NETWORK = 'This device has no network.';
const REFUSALS_BEFORE_TWIN = 2;

/**
 * Raises
 * - `state` ({ state, transport, failure }): `connecting`, `live`, `reconnecting`, `offline` or `refused`;
 * - `entries` ({ entries, isHistory, cursor }): in order, with what is missing among them as `{ seq, from, to, reason, isGap }`;
 * - `lost` ({ from, to, reason }), and `filled` ({ count, isNewGap }) for what was missed and came after all;
 * - `renumbered` when the log was started anew, so that numbers mean others than before;
 * - `heartbeat` and `integrity`, the service's own messages.
 */
export class LiveStream extends EventTarget {
  #explain;
  #parameters = new URLSearchParams();
  #position = new StreamPosition({ isEverything: true });
  #backOff = new BackOff();
  #end = null;
  #timer = 0;
  #silence = SILENCE;
  #heardAt = 0;
  #heartbeatAt = 0;
  #refusals = 0;
  #isTwin = false;
  #isWanted = false;
  #round = 0;
  #queue = [];
  #isFlushDue = false;
  #catchUp = null;

  state = 'offline';

  /** `explain(parameters)` asks whether the service answers (`isReachable`), and why it refuses them, in words (`refusal`, or null). */
  constructor(explain) {
    super();
    this.#explain = explain;
    addEventListener('online', () => this.#onNetwork());
    // The connection may outlive it, as one to this very machine does: then the next message says so.
    addEventListener('offline', () => this.#isWanted && this.#say('offline', NO_NETWORK));
    setInterval(() => this.#listenForLife(), LISTEN_EVERY);
    document.addEventListener('visibilitychange', () => this.#flush());
  }

  get seq() {
    return this.#position.seq;
  }

  /** Starts anew: the newest entries that meet the conditions, and then those that come. */
  start(parameters, limit) {
    this.stop();
    this.#parameters = new URLSearchParams(parameters);
    this.#position = new StreamPosition({ isEverything: this.#parameters.size === 0 });
    this.#parameters.set('limit', String(limit));
    this.#parameters.set('batch', '1');
    this.#isWanted = true;
    this.#backOff.reset();
    this.#say('connecting');
    this.#connect();
  }

  stop() {
    this.#isWanted = false;
    this.#hangUp();
    this.#queue = [];
    this.#catchUp = null;
    this.#say('offline');
  }

  /** Does not wait for the next attempt. */
  retry() {
    if (!this.#isWanted || this.#end) return;
    this.#backOff.reset();
    this.#connect();
  }

  // A connection from before can be dead without a word, and to go on from a position costs little.
  #onNetwork() {
    if (this.#isWanted && this.#end) this.#comeBack({ reason: 'The network was away.', after: null, retryAfter: 0 }, true);
    else this.retry();
  }

  #hangUp() {
    clearTimeout(this.#timer);
    this.#round += 1;
    this.#end?.();
    this.#end = null;
  }

  #connect() {
    this.#hangUp();
    const round = this.#round;
    const query = new URLSearchParams(this.#parameters);
    const { cursor } = this.#position;
    if (cursor) {
      query.set('after', cursor);
      query.delete('limit');
    }
    this.#heartbeatAt = 0;
    this.#isTwin = this.#refusals >= REFUSALS_BEFORE_TWIN;
    const open = this.#isTwin ? openEventSource : openWebSocket;
    let isOpen = false;
    this.#end = open(query, {
      onOpen: () => {
        if (round !== this.#round) return;
        isOpen = true;
        // When this one ends the better way has its turn again: one more refusal is then enough.
        this.#refusals = this.#isTwin ? REFUSALS_BEFORE_TWIN - 1 : 0;
        this.#backOff.reset();
        this.#heardAt = performance.now();
        this.#say('live');
      },
      onMessage: (message) => {
        if (round !== this.#round) return;
        this.#heardAt = performance.now();
        if (this.state !== 'live') this.#say('live');
        this.#take(message);
      },
      onEnd: (detail) => {
        if (round === this.#round) this.#comeBack(detail, isOpen);
      },
    });
    this.#heardAt = performance.now();
  }

  #comeBack({ reason, after, retryAfter }, wasOpen) {
    this.#hangUp();
    this.#flush();
    if (after) this.#position.moveTo(after);
    const pause = this.#backOff.next(retryAfter);
    if (wasOpen) this.#connectIn(pause);
    else this.#ask(pause);
    if (!navigator.onLine) this.#say('offline', NO_NETWORK);
    else this.#say('reconnecting', reason || (wasOpen ? 'The connection broke.' : 'The service does not answer.'));
  }

  // A browser does not say why an upgrade led nowhere, so the same conditions are put to the search: a service that answers it
  // either refuses the conditions, or is behind something that lets no upgrade through.
  async #ask(pause) {
    const round = this.#round;
    const { isReachable, refusal } = await this.#explain(this.#parameters);
    if (round !== this.#round) return;
    this.#refusals = isReachable ? this.#refusals + 1 : 0;
    if (refusal) {
      this.#isWanted = false;
      this.#say('refused', refusal);
    } else {
      this.#connectIn(pause);
    }
  }

  #connectIn(pause) {
    this.#timer = setTimeout(() => this.#connect(), pause);
  }

  // A network that has gone without a word shows in the heartbeats that stay away.
  #listenForLife() {
    if (!this.#end || performance.now() - this.#heardAt < this.#silence) return;
    // Perhaps this service's heart beats more slowly than that.
    this.#silence = Math.min(this.#silence * 2, LONGEST_SILENCE);
    this.#comeBack({ reason: 'Nothing was heard for too long.', after: null, retryAfter: 0 }, true);
  }

  #take(message) {
    switch (message.type) {
      case 'logs_batch':
        for (const part of message.logs) this.#take(part);
        return;
      case 'log':
        this.#takeEntry(message);
        break;
      case 'logs_response':
        this.#takeHistory(message);
        break;
      case 'resumed':
        this.#flush();
        this.#position.note(message);
        if (message.recovered) this.#catchUp = { until: latestServiceNow(), isTold: false };
        break;
      case 'gap':
        this.#takeGap(message);
        break;
      case 'lagged':
        this.#lose(message.from, message.to, 'this browser was too slow');
        this.#position.note(message);
        break;
      case 'heartbeat':
        this.#flush();
        this.#position.note(message);
        this.#learnPace(message.timestamp);
        this.#raise('heartbeat', message);
        break;
      case 'integrity':
        this.#raise('integrity', message);
        break;
      default:
        // A later service may say more.
        break;
    }
  }

  #takeHistory(message) {
    this.#flush();
    const entries = message.logs.map((entry) => (entry.type === 'gap' ? gapRow(entry) : entry)).reverse();
    // A service that can't resume sends the newest entries again; what lies between is missing then.
    const missing = entries.length > 0 ? this.#position.missingBefore(entries[0].seq) : null;
    if (missing) this.#lose(missing.from, missing.to, 'they came while there was no connection');
    if (entries.length > 0) this.#position.note({ seq: entries.at(-1).to ?? entries.at(-1).seq });
    this.#position.note(message);
    for (const gap of entries.filter((entry) => entry.isGap)) this.#raise('lost', gap);
    this.#raise('entries', { entries, isHistory: true, cursor: message.next_cursor });
  }

  #takeEntry(entry) {
    const missing = this.#position.missingBefore(entry.seq);
    if (missing) this.#lose(missing.from, missing.to, 'the service did not deliver them');
    this.#position.note(entry);
    this.#queue.push(entry);
    this.#flushSoon();
  }

  #takeGap(gap) {
    if (gap.to === null) {
      this.#flush();
      this.#position.note(gap);
      this.#raise('lost', gap);
      this.#raise('renumbered', gap);
      return;
    }
    this.#lose(gap.from, gap.to, gap.reason);
    this.#position.note({ ...gap, seq: gap.seq ?? gap.to });
  }

  #lose(from, to, reason) {
    this.#queue.push(gapRow({ from, to, reason }));
    this.#flushSoon();
    this.#raise('lost', { from, to, reason });
  }

  // The first heartbeat of a connection can be an old one that is told again; those after it are sent as they are stamped.
  #learnPace(timestamp) {
    const now = performance.now();
    if (this.#heartbeatAt > 0) {
      learnClock(timestamp);
      this.#silence = Math.max(SILENCE, Math.min(LONGEST_SILENCE, (now - this.#heartbeatAt) * 2.2));
    }
    this.#heartbeatAt = now;
  }

  // What came within a frame is handed on together. A page that is not shown has no frames.
  #flushSoon() {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    if (document.hidden) setTimeout(() => this.#flush(), 100);
    else requestAnimationFrame(() => this.#flush());
  }

  #flush() {
    this.#isFlushDue = false;
    if (this.#queue.length === 0) return;
    const entries = this.#queue;
    this.#queue = [];
    this.#countCaughtUp(entries);
    this.#raise('entries', { entries, isHistory: false });
  }

  // Entries that are older than the new connection are what was missed while there was none.
  #countCaughtUp(entries) {
    const catchUp = this.#catchUp;
    if (!catchUp) return;
    const late = entries.filter((entry) => !entry.isGap && Date.parse(entry.timestamp) <= catchUp.until).length;
    if (late > 0) this.#raise('filled', { count: late, isNewGap: !catchUp.isTold });
    catchUp.isTold ||= late > 0;
    if (late < entries.length) this.#catchUp = null;
  }

  #say(state, failure = '') {
    this.state = state;
    this.#raise('state', { state, failure, transport: this.#isTwin ? 'sse' : 'websocket' });
  }

  #raise(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const gapRow = ({ from, to, reason }) => ({ seq: from, from, to, reason, isGap: true });
