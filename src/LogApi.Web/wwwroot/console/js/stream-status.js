// <stream-status>: the truth about what is shown, in one line that is always there.

import { serviceNow } from './clock.js';
import { element, setText } from './dom.js';
import { formatAge, formatDuration, formatNumber, plural } from './text.js';

const STATES = {
  connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', offline: 'Offline', refused: 'Refused',
};
// A page that is open for days can lose many; the last ones are told by name.
const MOST_LOST = 200;
const FACTS = [
  ['lag', 'Lag', 'How long the newest entry took from its acceptance to this page'],
  ['seq', 'Sequence', 'The last number of the log that this page knows of'],
  ['filled', 'Filled', 'Entries that came while there was no connection and were fetched afterwards'],
  ['lost', 'Lost', 'Ranges of the log that this page could not get'],
  ['connections', 'Connections', 'Live connections to the service'],
  ['checkpoint', 'Checkpoint', 'The newest signed checkpoint: how many entries it covers, and when it was signed'],
  ['audit', 'Audit', 'The newest audit of everything that is stored'],
];

/** Raises `retry`. */
export class StreamStatus extends HTMLElement {
  #facts = {
    state: 'connecting', failure: '', transport: 'websocket', lag: null, heardAt: 0, seq: null, filled: { gaps: 0, entries: 0 }, lost: [], lostCount: 0,
    connections: null, checkpoint: null, audit: null, integrity: null,
  };
  #announcer = null;
  #values = {};
  #timer = 0;
  #isDue = true;

  connectedCallback() {
    if (this.state) return;
    this.state = element('strong', { class: 'state' }, element('span', { class: 'state-mark', 'aria-hidden': 'true' }), element('span', { class: 'state-word' }));
    this.failure = element('span', { class: 'failure' });
    this.retry = element('button', { type: 'button', class: 'small', hidden: true, onclick: () => this.dispatchEvent(new CustomEvent('retry')) }, 'Try now');
    this.items = element('dl', { class: 'status-items' });
    for (const [name, title, hint] of FACTS) {
      this.#values[name] = element('dd', {}, '–');
      this.items.append(element('div', { class: `fact fact-${name}`, title: hint }, element('dt', {}, title), this.#values[name]));
    }
    this.lost = element('details', { class: 'lost', hidden: true }, element('summary', {}, 'Which'), element('ul', { 'aria-label': 'Lost ranges' }));
    this.#values.lost.after(this.lost);
    this.append(element('div', { class: 'state-line' }, this.state, this.failure, this.retry), this.items);
    this.#timer = setInterval(() => this.#draw(), 1_000);
    this.#draw();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  /** Who says aloud what must be known at once; figures are not said, they change all the time. */
  set announcer(announcer) {
    this.#announcer = announcer;
  }

  set(facts) {
    const before = this.#facts.state;
    Object.assign(this.#facts, facts);
    if (this.#facts.state !== before || facts.failure) {
      if (this.#facts.state !== before) this.#announcer?.say(`${STATES[this.#facts.state]}. ${this.#facts.failure}`.trim());
      this.#draw();
    } else {
      this.#drawSoon();
    }
  }

  addLost({ from, to, reason }) {
    const { lost } = this.#facts;
    const latest = lost.at(-1);
    // The same range can be told by the stream and by a search.
    if (lost.some((range) => range.from === from && range.to === to)) return;
    if (latest && latest.to !== null && latest.to + 1 === from && latest.reason === reason) latest.to = to;
    else {
      lost.push({ from, to, reason });
      this.#facts.lostCount += 1;
      if (lost.length > MOST_LOST) lost.shift();
    }
    this.#announcer?.say(`${rangeText({ from, to })} missing: ${reason}`);
    this.#draw();
  }

  addFilled({ count, isNewGap }) {
    this.#facts.filled.entries += count;
    if (isNewGap) this.#facts.filled.gaps += 1;
    this.#drawSoon();
  }

  // Thousands of entries a second must not mean as many words.
  #drawSoon() {
    if (!this.#isDue) return;
    this.#isDue = false;
    setTimeout(() => {
      this.#isDue = true;
      this.#draw();
    }, 200);
  }

  #draw() {
    if (!this.state) return;
    const facts = this.#facts;
    this.dataset.state = facts.state;
    setText(this.state.lastChild, facts.state === 'live' && facts.transport === 'sse' ? 'Live over SSE' : STATES[facts.state]);
    setText(this.failure, facts.state === 'live' && facts.transport === 'sse' ? 'WebSocket upgrades don’t get through here, so plain HTTP is used.' : facts.failure);
    this.retry.hidden = facts.state !== 'reconnecting' && facts.state !== 'offline';
    this.#write('lag', facts.state !== 'live' ? (facts.heardAt ? `heard ${formatAge(Date.now() - facts.heardAt)}` : '–') : facts.lag === null ? '–' : formatDuration(facts.lag));
    this.#write('seq', facts.seq === null ? '–' : formatNumber(facts.seq));
    this.#write('filled', facts.filled.gaps === 0 ? 'none' : `${plural(facts.filled.gaps, 'gap')}, ${plural(facts.filled.entries, 'entry', 'entries')}`);
    this.#write('lost', facts.lostCount === 0 ? 'none' : plural(facts.lostCount, 'range'));
    this.#write('connections', facts.connections === null ? '–' : formatNumber(facts.connections));
    this.#write('checkpoint', checkpointText(facts));
    this.#write('audit', facts.audit ?? 'sign in to see');
    this.items.querySelector('.fact-lost').classList.toggle('is-bad', facts.lostCount > 0);
    this.items.querySelector('.fact-checkpoint').classList.toggle('is-bad', facts.integrity !== null);
    this.items.querySelector('.fact-audit').classList.toggle('is-bad', facts.audit?.startsWith('tampered') ?? false);
    this.#drawLost(facts.lost);
  }

  #drawLost(lost) {
    this.lost.hidden = lost.length === 0;
    const list = this.lost.lastChild;
    lost.forEach((range, index) => {
      if (!list.children[index]) list.append(element('li'));
      setText(list.children[index], `${rangeText(range)}: ${range.reason}`);
    });
  }

  #write(name, text) {
    setText(this.#values[name], text);
  }
}

function checkpointText({ checkpoint, integrity }) {
  if (integrity) return integrity;
  if (!checkpoint) return '–';
  return `${plural(checkpoint.size, 'entry', 'entries')}, ${formatAge(serviceNow() - checkpoint.signedAt)}`;
}

function rangeText({ from, to }) {
  if (from === to) return `Entry ${formatNumber(from)}`;
  return to === null || to === undefined ? `Entries from ${formatNumber(from)} on` : `Entries ${formatNumber(from)} to ${formatNumber(to)}`;
}

customElements.define('stream-status', StreamStatus);
