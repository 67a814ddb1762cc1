// Follows the log's checkpoints and holds each one against what this browser remembers: a witness of the log, if a small one.

import * as api from './api.js';
import { readObstacle } from './crypto-support.js';
import { judgeGrowth } from './growth.js';
import { isSignedBy, readCheckpoint, readVerifierKey } from './note.js';

// A checkpoint comes once a second while entries come. An operator sees no difference, and a hundred open consoles ask for little.
const EVERY = 5_000;
const EVERY_UNSEEN = 30_000;
const LONGEST_PAUSE = 60_000;

// Of several processes one may be asked that does not know yet what another has published. That passes; what stays is no accident.
const LOOKS_BEFORE_ALARM = 3;
const PAUSE_BEFORE_ANOTHER_LOOK = 1_500;

/**
 * Raises `service` (what GET /api/v1/transparency said) and `state` ({ state, title, words, at }), where state is
 * - `unknown`: nothing was looked at yet, or nothing is signed yet;
 * - `unable`: this browser can't check, and says why;
 * - `failed`: the service did not answer in a way that could be checked;
 * - `doubt`: something is odd, and is looked at again;
 * - `good`, or `bad` when an alarm was raised.
 */
export class CheckpointWatch extends EventTarget {
  #memory;
  #queue = Promise.resolve();
  #timer = 0;
  #failures = 0;
  #doubts = 0;
  #state = { state: 'unknown', title: 'Not checked yet', words: 'This browser has not looked at the log yet.', at: null };

  constructor(memory) {
    super();
    this.#memory = memory;
  }

  get memory() {
    return this.#memory;
  }

  get state() {
    return this.#state;
  }

  /** Looks now, and then every few seconds. */
  start() {
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#lookIn(0));
    this.#lookIn(0);
  }

  /** Looks at once, as after an operator has decided something. */
  lookAgain() {
    this.#doubts = 0;
    this.#lookIn(0);
  }

  /**
   * Holds a signed checkpoint, from wherever it came, against what this browser remembers, and remembers it when it is newer. Gives
   * { verdict, title, words, hashes, before, now } as `judgeGrowth` does, and also `first`, `unsigned` and `unreadable`.
   */
  judge(note) {
    // In turn, and one tab after the other: two at once could both build on the same one before.
    return this.#inTurn(async () => {
      if (this.#memory.read().vkey === null) await this.#check(await api.readTransparency());
      return this.#judge(note);
    });
  }

  #lookIn(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#inTurn(() => this.#look()).then((next) => this.#lookIn(next), () => this.#lookIn(EVERY)), pause);
  }

  #inTurn(action) {
    const run = this.#queue.then(() => (navigator.locks ? navigator.locks.request('logapi.log', action) : action()));
    this.#queue = run.catch(() => {});
    return run;
  }

  // Gives when to look again.
  async #look() {
    try {
      const service = await api.readTransparency();
      this.dispatchEvent(new CustomEvent('service', { detail: service }));
      const obstacle = await readObstacle();
      if (obstacle) this.#say('unable', 'Not checked here', obstacle);
      else await this.#check(service);
      this.#failures = 0;
    } catch (fault) {
      this.#failures += 1;
      this.#say('failed', 'Not checked now', fault instanceof api.ApiError ? `The checkpoint could not be read: ${fault.message}` : fault.message);
    }
    if (this.#doubts > 0 && this.#doubts < LOOKS_BEFORE_ALARM) return PAUSE_BEFORE_ANOTHER_LOOK;
    const usual = document.visibilityState === 'visible' ? EVERY : EVERY_UNSEEN;
    return Math.min(usual * 2 ** Math.min(this.#failures, 5), LONGEST_PAUSE) * (0.9 + (Math.random() * 0.2));
  }

  async #check(service) {
    const { vkey, checkpoint } = this.#memory.read();
    if (vkey === null) {
      await readVerifierKey(service.vkey);
      this.#memory.trust(service.vkey, 'first');
    } else if (service.vkey !== vkey) {
      this.#alarm('key', 'Another key', 'The service names another key than the one that this browser trusts: it shows another log, or one that somebody else signs.', [
        ['Trusted key', vkey], ['Key shown now', service.vkey],
      ]);
      return;
    }
    if (service.root === null) {
      this.#judgeNothing(checkpoint);
      return;
    }
    const judged = await this.#judge(await api.readCheckpoint());
    if (judged.verdict === 'unreadable') throw new Error(judged.words);
    if (judged.verdict === 'older' || judged.verdict === 'refused') this.#doubt(judged);
    else this.#doubts = 0;
  }

  #judgeNothing(checkpoint) {
    if (checkpoint === null) {
      this.#say('unknown', 'Nothing signed yet', 'The log has no checkpoint yet: the first one comes a second or two after its first entry.');
      return;
    }
    const before = readCheckpoint(checkpoint);
    this.#doubt({
      verdict: 'refused', title: 'Entries are gone', words: `The log had ${before.size} entries when this browser looked before, and shows no checkpoint now.`, before, now: null,
    });
  }

  async #judge(note) {
    let checkpoint;
    try {
      checkpoint = readCheckpoint(note);
    } catch (fault) {
      return { verdict: 'unreadable', title: 'Not readable', words: fault.message, hashes: [], before: null, now: null };
    }
    const memory = this.#memory.read();
    const key = await readVerifierKey(memory.vkey);
    const before = memory.checkpoint === null ? null : readCheckpoint(memory.checkpoint);
    if (!await isSignedBy(checkpoint, key)) {
      const judged = { verdict: 'unsigned', title: 'A checkpoint without the log’s signature', words: 'The service shows a checkpoint that the key of the log has not signed.', hashes: [], before, now: checkpoint };
      this.#alarm('signature', judged.title, judged.words, [['Trusted key', memory.vkey], ['Checkpoint shown', note]]);
      return judged;
    }
    const judged = before === null
      ? { verdict: 'first', title: 'First seen', words: `This is the first checkpoint of the log that this browser has seen. From now on, ${checkpoint.size === 1n ? 'its one entry' : `the first ${checkpoint.size} entries`} can’t be changed without this browser noticing.`, hashes: [] }
      : await judgeGrowth(before, checkpoint, api.readConsistency);
    switch (judged.verdict) {
      case 'contradiction':
        this.#alarm('history', judged.title, judged.words, factsOf(memory, before, checkpoint));
        break;
      case 'refused':
      case 'older':
        // Whether it passes shows when the watch looks again.
        break;
      case 'same':
        this.#say('good', judged.title, judged.words);
        break;
      default:
        this.#memory.keepCheckpoint(note);
        this.#say('good', judged.title, judged.words);
        break;
    }
    return { ...judged, before, now: checkpoint };
  }

  #doubt(judged) {
    this.#doubts += 1;
    // An older state of the same log is no lie, and may be a cache's.
    if (judged.verdict === 'older' || this.#doubts < LOOKS_BEFORE_ALARM) this.#say('doubt', judged.title, judged.words);
    else this.#alarm('history', judged.title, judged.words, factsOf(this.#memory.read(), judged.before, judged.now));
  }

  #alarm(kind, title, words, facts) {
    this.#memory.raise({ kind, title, words, facts });
    this.#say('bad', title, words);
  }

  #say(state, title, words) {
    this.#state = { state, title, words, at: new Date().toISOString() };
    this.dispatchEvent(new CustomEvent('state', { detail: this.#state }));
  }
}

const factsOf = (memory, before, checkpoint) => [
  ['Trusted key', memory.vkey],
  [`Checkpoint that this browser has seen${memory.seen ? `, at ${memory.seen}` : ''}`, before.note],
  ['Checkpoint that the service shows now', checkpoint?.note ?? 'none'],
];
