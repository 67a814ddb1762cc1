// Who is signed in, for as long as the tab lives.

const STORED = 'logapi.session';

// What a timer can count.
const LONGEST_TIMER = 2 ** 31 - 1;

/** Raises `change`, with `detail.hasExpired` when the session ended by itself or by the service's word. */
class Session extends EventTarget {
  #timer = 0;

  constructor() {
    super();
    this.#watch();
  }

  /** Gives { userId, token, expires } or null. */
  get current() {
    try {
      const session = JSON.parse(sessionStorage.getItem(STORED));
      return session && session.expires > Date.now() ? session : null;
    } catch {
      return null;
    }
  }

  start(userId, token, seconds) {
    sessionStorage.setItem(STORED, JSON.stringify({ userId, token, expires: Date.now() + (seconds * 1000) }));
    this.#watch();
    this.#raise(false);
  }

  /** Forgets it. */
  end({ hasExpired = false } = {}) {
    clearTimeout(this.#timer);
    if (sessionStorage.getItem(STORED) === null) return;
    sessionStorage.removeItem(STORED);
    this.#raise(hasExpired);
  }

  #watch() {
    clearTimeout(this.#timer);
    const { current } = this;
    if (current) this.#timer = setTimeout(() => this.#look(), Math.min(current.expires - Date.now(), LONGEST_TIMER));
  }

  #look() {
    if (this.current) this.#watch();
    else this.end({ hasExpired: true });
  }

  #raise(hasExpired) {
    this.dispatchEvent(new CustomEvent('change', { detail: { hasExpired } }));
  }
}

export const session = new Session();
