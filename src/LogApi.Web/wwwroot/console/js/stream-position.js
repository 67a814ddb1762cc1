// Where in the log a stream is, and whether every number up to there was accounted for.

export class StreamPosition {
  #epoch = null;
  #seq = null;
  #isEverything;

  /** `isEverything`: no condition leaves entries out, so a number that is passed over is one that is missing. */
  constructor({ isEverything }) {
    this.#isEverything = isEverything;
  }

  get seq() {
    return this.#seq;
  }

  /** What to ask for after a break; null as long as the service has not said. */
  get cursor() {
    return this.#epoch === null || this.#seq === null ? null : `${this.#epoch}-${this.#seq}`;
  }

  /** Goes on to what the service gave as a cursor. */
  moveTo(cursor) {
    const at = cursor.indexOf('-');
    this.#epoch = cursor.slice(0, at);
    this.#seq = Number(cursor.slice(at + 1));
  }

  /** Takes any message in: one that has `seq` moves the position, one that has `epoch` names the numbering. */
  note(message) {
    if (message.epoch !== undefined && message.epoch !== this.#epoch) {
      this.#epoch = message.epoch;
      // Numbers of another log say nothing about this one.
      this.#seq = null;
    }
    if (Number.isInteger(message.seq) && (this.#seq === null || message.seq > this.#seq)) this.#seq = message.seq;
  }

  /** What lies unexplained between the last number and this one: `{ from, to }`, or null. */
  missingBefore(seq) {
    if (!this.#isEverything || this.#seq === null || seq <= this.#seq + 1) return null;
    return { from: this.#seq + 1, to: seq - 1 };
  }
}
