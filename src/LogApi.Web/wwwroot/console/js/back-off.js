// How long to wait before the next attempt: longer each time, and never the same for many browsers at once.

const FIRST = 400;
const LONGEST = 15_000;

export class BackOff {
  #pause = FIRST;

  /** Milliseconds to wait; `hint` is what the service asked for. */
  next(hint = null) {
    const pause = hint ?? this.#pause * (0.5 + Math.random());
    this.#pause = Math.min(this.#pause * 2, LONGEST);
    return pause;
  }

  reset() {
    this.#pause = FIRST;
  }
}
