// How many entries of each kind there were in each second: those that came by, those that were loaded, and what the service
// has counted of the time before anyone looked.

import { kindOf } from './text.js';

export const KINDS = ['bad', 'warn', 'other', 'good'];
const SECOND = 1_000;
const MINUTE = 60_000;
const KEPT = 20 * MINUTE;

export class RateCounts {
  #live = new Map();
  #loaded = new Map();
  #seeds = new Map();
  #minutes = [];
  #areSeedsStale = false;
  #watched = [];
  #lowest = Infinity;
  #highest = -Infinity;

  clear() {
    this.#live.clear();
    this.#loaded.clear();
    this.forgetSeeds();
    this.#watched = [];
    this.#lowest = Infinity;
    this.#highest = -Infinity;
  }

  /** Forgets what was loaded, as when another span of time is shown. */
  clearLoaded() {
    this.#loaded.clear();
  }

  /** Counts entries that came by. */
  addLive(entries) {
    for (const entry of entries) {
      if (entry.isGap || entry.seq <= this.#highest) continue;
      this.#lowest = Math.min(this.#lowest, entry.seq);
      this.#highest = entry.seq;
      count(this.#live, entry);
    }
  }

  /** Counts entries of the past; those that were seen coming by count once. */
  addLoaded(entries) {
    for (const entry of entries) {
      if (!entry.isGap && (entry.seq < this.#lowest || entry.seq > this.#highest)) count(this.#loaded, entry);
    }
  }

  /** Says since when, or until when, everything that came was counted. */
  watch(isWatching, now) {
    const latest = this.#watched.at(-1);
    if (isWatching && (!latest || latest.to !== Infinity)) this.#watched.push({ from: now, to: Infinity });
    else if (!isWatching && latest?.to === Infinity) latest.to = now;
  }

  /** Takes what the service has counted in each minute, for the time in which nobody was counting here. */
  seed(minutes) {
    this.#minutes = minutes;
    this.#areSeedsStale = true;
  }

  forgetSeeds() {
    this.#minutes = [];
    this.#seeds.clear();
  }

  /** The counts of each step from one time to another, all in milliseconds since 1970. */
  bars(from, to, step, now) {
    if (this.#areSeedsStale) this.#spread(now);
    const bars = [];
    for (let at = from; at < to; at += step) {
      const bar = none();
      for (let second = Math.floor(at / SECOND); second < (at + step) / SECOND; second += 1) {
        // What was loaded is only a part of what the service has counted, where it has.
        for (const counts of [this.#live.get(second), this.#seeds.get(second) ?? this.#loaded.get(second)]) {
          if (counts) for (const kind of KINDS) bar[kind] += counts[kind];
        }
      }
      bars.push(bar);
    }
    return bars;
  }

  /** Lets go what is too old to be shown. */
  trim(now) {
    const oldest = Math.floor((now - KEPT) / SECOND);
    for (const second of this.#live.keys()) {
      if (second >= oldest) break;
      this.#live.delete(second);
    }
    this.#watched = this.#watched.filter((span) => span.to > now - KEPT);
  }

  // What a minute has more than was counted here is spread over those of its seconds in which nobody was counting.
  #spread(now) {
    this.#areSeedsStale = false;
    this.#seeds.clear();
    for (const minute of this.#minutes) {
      const start = Date.parse(minute.minute);
      const free = [];
      for (let at = start; at < Math.min(start + MINUTE, now); at += SECOND) if (!this.#isWatched(at)) free.push(at / SECOND);
      if (free.length === 0) continue;
      const left = none();
      for (const [status, number] of Object.entries(minute.by_status)) left[kindOf(status).name] += number;
      for (let second = start / SECOND; second < (start + MINUTE) / SECOND; second += 1) {
        for (const kind of KINDS) left[kind] -= this.#live.get(second)?.[kind] ?? 0;
      }
      for (const kind of KINDS) left[kind] = Math.max(0, left[kind]) / free.length;
      for (const second of free) this.#seeds.set(second, left);
    }
  }

  #isWatched(time) {
    return this.#watched.some((span) => span.from <= time && time < span.to);
  }
}

const none = () => ({ good: 0, other: 0, warn: 0, bad: 0, none: 0 });

function count(seconds, entry) {
  const second = Math.floor(Date.parse(entry.timestamp) / SECOND);
  let counts = seconds.get(second);
  if (!counts) seconds.set(second, counts = none());
  const kind = kindOf(entry.status).name;
  counts[kind === 'none' ? 'other' : kind] += 1;
}

/** What all of some bars come to. */
export function sumOf(bars) {
  const sum = none();
  for (const bar of bars) for (const kind of KINDS) sum[kind] += bar[kind];
  return sum;
}

export const heightOf = (bar) => bar.good + bar.other + bar.warn + bar.bad;
