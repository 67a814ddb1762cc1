// What is said aloud to those who don't see the page: one voice, which speaks seldom.

const PAUSE = 4_000;

/** Says the latest text, and not more than one in a few seconds: what was overtaken meanwhile is not said at all. */
export class Announcer {
  #region;
  #waiting = null;
  #isResting = false;

  constructor(region) {
    this.#region = region;
  }

  say(text) {
    this.#waiting = text;
    if (!this.#isResting) this.#speak();
  }

  #speak() {
    this.#region.textContent = this.#waiting;
    this.#waiting = null;
    this.#isResting = true;
    setTimeout(() => {
      this.#isResting = false;
      if (this.#waiting !== null) this.#speak();
    }, PAUSE);
  }
}
