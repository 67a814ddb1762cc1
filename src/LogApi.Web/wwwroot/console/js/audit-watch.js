// Follows the newest audit, also while nobody looks at it.

import * as api from './api.js';
import { serviceNow } from './clock.js';
import { session } from './session.js';
import { formatAge } from './text.js';

const EVERY = 1_000;

// Others may start one, too.
const EVERY_IDLE = 30_000;
const AFTER_FAILURE = 5_000;

/** Raises `change` when there is something new in `audit` (as the API gives it, or null) or in `problem` (words). */
export class AuditWatch extends EventTarget {
  #timer = 0;

  audit = null;
  problem = '';

  constructor() {
    super();
    session.addEventListener('change', () => this.look());
  }

  async start() {
    this.#take(await api.startAudit());
  }

  /** Looks for the newest audit; without a session there is none to be seen. */
  async look() {
    clearTimeout(this.#timer);
    if (!session.current) {
      this.audit = null;
      this.problem = '';
      this.#raise();
      return;
    }
    try {
      const { audits } = await api.listAudits();
      this.#take(audits[0] ?? null);
    } catch (fault) {
      this.#fail(fault);
    }
  }

  async #follow() {
    try {
      this.#take(await api.readAudit(this.audit.id));
    } catch (fault) {
      this.#fail(fault);
    }
  }

  #take(audit) {
    this.audit = audit;
    this.problem = '';
    this.#raise();
    clearTimeout(this.#timer);
    this.#timer = audit?.state === 'running' ? setTimeout(() => this.#follow(), EVERY) : setTimeout(() => this.look(), EVERY_IDLE);
  }

  #fail(fault) {
    this.problem = fault.message;
    this.#raise();
    // A session that has ended raises its own change when there is one again.
    if (fault.status !== 401) this.#timer = setTimeout(() => this.look(), AFTER_FAILURE);
  }

  #raise() {
    this.dispatchEvent(new Event('change'));
  }
}

/** The newest audit in two words, for the status line; null when there is none to be seen. */
export function shortOf({ audit, problem }) {
  if (problem) return `not known: ${problem}`;
  if (audit === null) return null;
  if (audit.state === 'running') return `${audit.percent} % done${audit.verdict === 'tampered' ? ', tampered' : ''}`;
  return `${audit.verdict ?? audit.state}, ${formatAge(serviceNow() - Date.parse(audit.ended_at ?? audit.started_at))}`;
}
