// The live stream: one WebSocket that comes back by itself, from where it was.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
const SILENCE = 65_000;

/**
 * Raises `state`, `entries` (in order), `lost` ({ from, to, reason }), `filled` ({ from, to }), `heartbeat`, `integrity`.
 * `state` is one of `connecting`, `live`, `reconnecting`, `offline`.
 */
export class LiveStream extends EventTarget {
  #socket = null;
  #parameters = new URLSearchParams();
  #cursor = null;
  #pause = FIRST_PAUSE;
  #timer = 0;
  #silence = 0;
  #isWanted = false;

  state = 'offline';
  lastFailure = '';

  constructor() {
    super();
    addEventListener('online', () => this.#isWanted && !this.#socket && this.#connect());
    addEventListener('offline', () => this.#isWanted && this.#say('offline', 'This device is offline.'));
  }

  /** Starts anew: the newest entries of a filter, and then those that come. */
  start(parameters, limit) {
    this.stop();
    this.#parameters = new URLSearchParams(parameters);
    this.#parameters.set('limit', String(limit));
    this.#parameters.set('batch', '1');
    this.#cursor = null;
    this.#isWanted = true;
    this.#say('connecting');
    this.#connect();
  }

  stop() {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
    this.#say('offline');
  }

  #connect() {
    clearTimeout(this.#timer);
    const query = new URLSearchParams(this.#parameters);
    if (this.#cursor) {
      query.set('after', this.#cursor);
      query.delete('limit');
    }
    const address = new URL(`/ws/logs?${query}`, location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.onopen = () => {
      this.#pause = FIRST_PAUSE;
      this.#watch();
      this.#say('live');
    };
    socket.onmessage = (event) => socket === this.#socket && this.#take(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.#socket && this.#comeBack(event);
  }

  // A network that has gone without a word shows in the heartbeats that stay away.
  #watch() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      const socket = this.#socket;
      this.#socket = null;
      socket?.close();
      this.#comeBack({ code: 0, reason: 'nothing was heard for a minute' });
    }, SILENCE);
  }

  #comeBack(event) {
    this.#socket = null;
    clearTimeout(this.#silence);
    if (!this.#isWanted) return;
    const hint = retryHintOf(event.reason);
    const pause = hint ?? this.#pause * (0.5 + Math.random());
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    this.#timer = setTimeout(() => this.#connect(), pause);
    this.#say(navigator.onLine ? 'reconnecting' : 'offline', event.reason || `The connection ended (${event.code || 'no answer'}).`);
  }

  #take(message) {
    this.#watch();
    switch (message.type) {
      case 'logs_response':
        this.#note(message);
        this.#raise('entries', { entries: message.logs.slice().reverse(), isHistory: true });
        break;
      case 'log':
        this.#note(message);
        this.#raise('entries', { entries: [message], isHistory: false });
        break;
      case 'logs_batch':
        if (message.logs.length > 0) this.#note({ epoch: message.epoch, seq: message.logs.at(-1).seq });
        this.#raise('entries', { entries: message.logs, isHistory: false });
        break;
      case 'recovered':
        this.#note(message);
        this.#raise('filled', message);
        break;
      case 'gap':
      case 'lagged':
        this.#raise('lost', { from: message.from, to: message.to, reason: message.reason ?? 'this browser was too slow' });
        break;
      case 'heartbeat':
        this.#note(message);
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

  #note(message) {
    if (message.cursor) this.#cursor = message.cursor;
    else if (message.epoch !== undefined && message.seq !== undefined) this.#cursor = `${message.epoch}-${message.seq}`;
  }

  #say(state, failure = '') {
    this.state = state;
    this.lastFailure = failure;
    this.#raise('state', { state, failure });
  }

  #raise(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// A service that drains says in the close reason when to come again: `… retry=1234`.
function retryHintOf(reason) {
  const match = /retry=(\d{1,6})/.exec(reason ?? '');
  return match ? Number(match[1]) : null;
}
