// <stream-status>: the truth about what is shown, in one line that is always there.

import { element } from './dom.js';
import { formatAge, formatDuration, formatNumber, plural } from './text.js';

const STATES = {
  connecting: ['◌', 'Connecting'], live: ['●', 'Live'], reconnecting: ['◐', 'Reconnecting'], offline: ['○', 'Offline'],
};

export class StreamStatus extends HTMLElement {
  #facts = { state: 'offline', failure: '', lag: null, seq: null, filled: 0, lost: [], connections: null, checkpoint: null, audit: null, total: 0 };
  #timer = 0;

  connectedCallback() {
    if (this.state) return;
    this.state = element('strong', { class: 'state' });
    this.announcement = element('span', { class: 'visually-hidden', role: 'status' });
    this.items = element('ul', { class: 'status-items' });
    this.lost = element('details', { class: 'lost', hidden: true }, element('summary'), element('ul'));
    this.append(this.state, this.announcement, this.items, this.lost);
    this.#timer = setInterval(() => this.#draw(), 1_000);
    this.#draw();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  set(facts) {
    const before = this.#facts.state;
    Object.assign(this.#facts, facts);
    // Said aloud only when it changes: the figures beside it change all the time.
    if (this.announcement && this.#facts.state !== before) this.announcement.textContent = STATES[this.#facts.state][1];
  }

  addLost(range) {
    this.#facts.lost.push(range);
    this.announcement.textContent = `Entries ${range.from} to ${range.to ?? 'an unknown one'} are missing: ${range.reason}`;
    this.#draw();
  }

  addFilled(count) {
    this.#facts.filled += count;
  }

  #draw() {
    const facts = this.#facts;
    const [shape, word] = STATES[facts.state];
    this.state.className = `state state-${facts.state}`;
    this.state.textContent = `${shape} ${word}`;
    this.state.title = facts.failure;
    const items = [];
    if (facts.seq !== null) items.push(['Sequence', formatNumber(facts.seq)]);
    if (facts.lag !== null) items.push(['Lag', formatDuration(facts.lag)]);
    if (facts.connections !== null) items.push(['Connections', formatNumber(facts.connections)]);
    if (facts.filled > 0) items.push(['Gaps filled', formatNumber(facts.filled)]);
    items.push(['Lost', facts.lost.length === 0 ? 'none' : plural(facts.lost.length, 'range')]);
    if (facts.checkpoint) items.push(['Checkpoint', `${formatNumber(Number(facts.checkpoint.size))} entries, ${formatAge(Date.now() - facts.checkpoint.signedAt)}`]);
    if (facts.audit) items.push(['Audit', facts.audit]);
    this.items.replaceChildren(...items.map(([name, value]) => element('li', {}, element('span', { class: 'fact-name' }, name), ' ', element('span', { class: 'fact' }, value))));
    this.lost.hidden = facts.lost.length === 0;
    if (this.lost.hidden) return;
    this.lost.firstChild.textContent = `${plural(facts.lost.length, 'lost range')}`;
    this.lost.lastChild.replaceChildren(...facts.lost.slice(-100).map((range) => element('li', {}, `${range.from} to ${range.to ?? '?'}: ${range.reason}`)));
  }
}

customElements.define('stream-status', StreamStatus);
