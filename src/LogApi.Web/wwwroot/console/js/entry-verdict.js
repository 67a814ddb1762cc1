// <entry-verdict>: what the service says of an entry, and what this browser has computed for itself, step by step.

import * as api from './api.js';
import { readObstacle } from './crypto-support.js';
import { element } from './dom.js';
import { checkEntry } from './entry-check.js';

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 10_000;
const MARKS = { good: ['✓', 'holds'], bad: ['✗', 'does not hold'], wait: ['…', 'waits'], unable: ['◌', 'not checked'] };

// What of the verdicts on growth speaks for the entry.
const GROWN = ['first', 'same', 'grown', 'older'];

// Answers that say nothing of the entry: none at all, too many requests, not now; and that it is kept no longer, which is the operator's will.
const SILENT = [0, 401, 403, 410, 429, 502, 503, 504];

/** Needs a `watch` (CheckpointWatch). Raises `key` when the key that it trusts is to be looked at. */
export class EntryVerdict extends HTMLElement {
  #round = 0;

  connectedCallback() {
    this.setAttribute('role', 'region');
    this.setAttribute('aria-label', 'Verification');
  }

  disconnectedCallback() {
    this.#round += 1;
  }

  clear() {
    this.#round += 1;
    this.replaceChildren();
  }

  async verify(entry) {
    const round = this.#round += 1;
    this.#build();
    this.#head('wait', 'Verifying…', '');
    const [service] = await Promise.all([askService(entry), this.#checkHere(entry, round)]);
    if (round !== this.#round) return;
    this.service.replaceChildren(stepOf({ title: service.title, words: service.words, mark: service.mark, facts: [] }));
    this.#conclude(service);
  }

  #build() {
    // Only the conclusion is said aloud; the steps are there to be read.
    this.head = element('div', { class: 'verdict-head', role: 'status' });
    this.steps = element('ol', { class: 'steps' });
    this.service = element('ul', { class: 'steps' });
    this.trust = element('p', { class: 'verdict-trust' });
    this.replaceChildren(
      this.head,
      element('h3', {}, 'Computed in this browser'), this.steps, this.trust,
      element('h3', {}, 'The service’s own word'), this.service);
  }

  #head(mark, title, words) {
    this.setAttribute('data-verdict', mark);
    this.head.replaceChildren(element('strong', {}, element('span', { 'aria-hidden': 'true' }, `${MARKS[mark][0]} `), title), ...(words ? [element('p', {}, words)] : []));
  }

  async #checkHere(entry, round) {
    this.result = { mark: 'wait', title: '', words: '' };
    const obstacle = await readObstacle();
    if (obstacle) {
      this.result = { mark: 'unable', title: 'Not checked by this browser', words: obstacle };
      this.steps.replaceChildren(stepOf({ title: 'Nothing was computed', words: obstacle, mark: 'unable', facts: [] }));
      return;
    }
    const proof = await this.#waitForProof(entry, round);
    if (!proof || round !== this.#round) return;
    const steps = await this.#takeSteps(entry, proof);
    if (round !== this.#round) return;
    this.steps.replaceChildren(...steps.map((step) => stepOf({ ...step, mark: step.isRight ? 'good' : 'bad' })));
    const wrong = steps.find((step) => !step.isRight);
    this.result = wrong
      ? { mark: 'bad', title: 'Not proven', words: wrong.words }
      : { mark: 'good', title: 'Proven', words: `${entry.redacted ? 'A redacted entry stands' : 'This is what was logged'} at place ${proof.log_index} of ${proof.tree_size}, and the log’s key has signed that.` };
    this.#showTrust();
  }

  async #takeSteps(entry, proof) {
    const { watch } = this;
    const growth = await watch.judge(proof.checkpoint).catch((fault) => ({ verdict: 'unasked', words: fault.message, hashes: [] }));
    const { vkey } = watch.memory.read();
    if (vkey === null) return [{ title: 'The log has a key', words: growth.words, isRight: false, facts: [] }];
    const steps = await checkEntry(entry, proof, vkey);
    if (steps.every((step) => step.isRight)) steps.push(stepOfGrowth(growth));
    return steps;
  }

  /** Gives the proof; null when there is none to be had, or nobody waits for it any more. */
  async #waitForProof(entry, round) {
    for (let pause = FIRST_PAUSE; round === this.#round; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
      try {
        return await api.readProof(entry.id);
      } catch (fault) {
        if (round !== this.#round) return null;
        if (fault.code !== 'proof_pending') {
          const isSilent = SILENT.includes(fault.status);
          const mark = isSilent ? 'unable' : 'bad';
          this.result = { mark, title: isSilent ? 'Not checked now' : 'Not proven', words: `The service gives no proof: ${fault.message}` };
          this.steps.replaceChildren(stepOf({ title: 'There is no proof', words: fault.message, mark, facts: [] }));
          return null;
        }
      }
      this.#head('wait', 'Not signed yet', 'The entry is stored, and the next checkpoint covers it: a second or two from when it was written. This browser asks again until it does.');
      this.steps.replaceChildren(stepOf({ title: 'Waiting for a checkpoint', words: 'There is nothing to check before one covers the entry.', mark: 'wait', facts: [] }));
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
    return null;
  }

  #conclude(service) {
    const { mark, title, words } = this.result;
    if (mark === 'bad' && service.mark === 'good') this.#head('bad', title, `${words} The service says that the entry is valid; this browser can’t confirm it.`);
    else if (mark === 'good' && service.mark === 'bad') this.#head('bad', 'The service contradicts itself', `Its proof holds, and its verdict is: ${service.words}`);
    else this.#head(mark, title, words);
  }

  #showTrust() {
    const { how, compared, since } = this.watch.memory.read();
    const words = compared
      ? `The key was compared with one from elsewhere on ${compared.slice(0, 10)}.`
      : `This browser trusts the key since ${how === 'first' ? 'it first came here' : 'an operator replaced it'}, on ${since.slice(0, 10)}; nobody has compared it with one from elsewhere.`;
    this.trust.replaceChildren(`${words} `, element('button', {
      type: 'button', class: 'link', onclick: () => this.dispatchEvent(new CustomEvent('key', { bubbles: true })),
    }, compared ? 'Show the key' : 'Compare it'));
  }
}

async function askService(entry) {
  try {
    const { verification } = await api.verifyLog(entry.id);
    return verification.valid
      ? { mark: 'good', title: 'Valid', words: wordsOf(verification) }
      : { mark: 'bad', title: 'Not valid', words: verification.error ?? 'The service does not say why.' };
  } catch (fault) {
    return { mark: 'unable', title: 'No verdict', words: fault.message };
  }
}

function wordsOf(verification) {
  const content = verification.redacted ? 'The content was erased, and what is left is as it was made' : 'The stored entry has the hash that it was written with';
  return verification.inclusion === 'included'
    ? `${content}; it is at place ${verification.log_index} of ${verification.tree_size}.`
    : `${content}; no checkpoint covered it when the service was asked.`;
}

function stepOfGrowth(growth) {
  return {
    title: 'The log only grew',
    words: growth.words,
    isRight: GROWN.includes(growth.verdict),
    facts: [
      ...(growth.before ? [['Checkpoint seen before', growth.before.text]] : []),
      ...(growth.now ? [['Checkpoint of the proof', growth.now.text]] : []),
      ...growth.hashes.map((hash, index) => [`Hash ${index + 1} of the consistency proof`, hash]),
    ],
  };
}

function stepOf({ title, words, mark, facts }) {
  const [shape, spoken] = MARKS[mark];
  return element('li', { class: `step step-${mark}` },
    element('span', { class: 'step-mark', 'aria-hidden': 'true' }, shape),
    element('div', {},
      element('strong', {}, element('span', { class: 'visually-hidden' }, `${spoken}: `), title),
      element('p', {}, words),
      facts.length === 0 ? null : element('details', {},
        element('summary', {}, 'What was compared'),
        element('dl', { class: 'facts' }, ...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])))));
}

customElements.define('entry-verdict', EntryVerdict);
