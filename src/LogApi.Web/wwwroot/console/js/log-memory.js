// What this browser remembers of the log, over visits: the key it trusts, the newest checkpoint that it has checked, and the alarms that
// nobody has acknowledged yet.

const STORED = 'logapi.log';

// Each is a contradiction of its own: more of them say nothing new, and storage is small.
const MOST_ALARMS = 20;
const MOST_EARLIER = 20;

const NOTHING = { vkey: null, since: null, how: null, compared: null, checkpoint: null, seen: null, alarms: [], earlier: [] };

/** Raises `change` when this tab or another one has changed it. */
export class LogMemory extends EventTarget {
  // For a browser that keeps nothing: then it lasts as long as the page.
  #unkept = null;

  constructor() {
    super();
    addEventListener('storage', (event) => (event.key === STORED || event.key === null) && this.#raise());
  }

  /** Whether it outlives the page. */
  get isKept() {
    return this.#unkept === null;
  }

  /**
   * Gives { vkey, since, how, compared, checkpoint, seen, alarms, earlier }: the key, since when and how it came to be trusted (`first` or
   * `replaced`), when an operator has compared it, the newest checkpoint's signed text and when it was first seen.
   */
  read() {
    if (this.#unkept) return this.#unkept;
    try {
      return { ...NOTHING, ...JSON.parse(localStorage.getItem(STORED)) };
    } catch {
      return NOTHING;
    }
  }

  /** Trusts a key. What was known of another log before is kept apart. */
  trust(vkey, how) {
    const before = this.read();
    const earlier = before.vkey ? [...before.earlier, { vkey: before.vkey, checkpoint: before.checkpoint, until: now() }].slice(-MOST_EARLIER) : before.earlier;
    this.#write({ ...NOTHING, vkey, since: now(), how, alarms: before.alarms, earlier });
  }

  /** Notes that an operator has compared the key with one from elsewhere. */
  markCompared() {
    this.#write({ ...this.read(), compared: now() });
  }

  keepCheckpoint(note) {
    this.#write({ ...this.read(), checkpoint: note, seen: now() });
  }

  /** Adds an alarm ({ kind, title, words, facts }) unless one of its kind and title stands already: the first one is the evidence. */
  raise(alarm) {
    const before = this.read();
    if (before.alarms.length >= MOST_ALARMS || before.alarms.some((other) => other.kind === alarm.kind && other.title === alarm.title)) return;
    this.#write({ ...before, alarms: [...before.alarms, { ...alarm, at: now() }] });
  }

  clearAlarms() {
    this.#write({ ...this.read(), alarms: [] });
  }

  #write(state) {
    try {
      localStorage.setItem(STORED, JSON.stringify(state));
    } catch {
      this.#unkept = state;
    }
    this.#raise();
  }

  #raise() {
    this.dispatchEvent(new Event('change'));
  }
}

const now = () => new Date().toISOString();
