// Starting an audit and seeing what it finds.

import { isBusy, openDialog, setBusy } from './dialog.js';
import { element } from './dom.js';
import { signInAgain } from './sign-in-dialog.js';
import { formatDuration, formatNumber, formatTime, plural } from './text.js';

const MOST_LINES = 500;

export function auditDialog(watch) {
  const progress = element('progress', { max: '100', value: '0', 'aria-label': 'Progress of the audit' });
  const title = element('h3', { class: 'audit-title' });
  const words = element('p', {});
  // Said aloud at each quarter: the figures change every second.
  const spoken = element('p', { class: 'visually-hidden', role: 'status' });
  const findings = element('ul', { class: 'findings', tabindex: '0', 'aria-label': 'Findings' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  const start = element('button', { type: 'button', class: 'primary', onclick: begin }, 'Start an audit');
  const part = element('section', { class: 'audit', 'aria-label': 'Newest audit', hidden: true }, title, progress, words, findings);
  const dialog = openDialog('Audit',
    element('p', {}, 'Reads every stored byte of the entries that the newest checkpoint covers again, and holds it against hashes, tree, signature and indexes. It goes on when this page is closed.'),
    part, spoken, problem, start);

  async function begin() {
    if (isBusy(start)) return;
    problem.textContent = '';
    setBusy(start, true);
    try {
      await watch.start();
    } catch (fault) {
      problem.replaceChildren(...[fault.message, signInAgain(fault)].filter((child) => child !== null));
      setBusy(start, false);
      if (fault.code === 'audit_running') watch.look();
    }
  }

  function show() {
    const { audit } = watch;
    problem.textContent = watch.problem;
    if (!audit) return;
    const isRunning = audit.state === 'running';
    part.hidden = false;
    part.setAttribute('data-verdict', audit.verdict ?? audit.state);
    title.textContent = titleOf(audit);
    progress.value = audit.percent;
    progress.hidden = !isRunning;
    words.textContent = wordsOf(audit);
    findings.hidden = audit.findings.length === 0 && !audit.unchecked;
    findings.replaceChildren(...linesOf(audit).map((line) => element('li', {}, line)));
    const said = isRunning ? `Audit: ${Math.floor(audit.percent / 25) * 25} percent` : titleOf(audit);
    if (spoken.textContent !== said) spoken.textContent = said;
    setBusy(start, isRunning);
  }

  const stop = new AbortController();
  watch.addEventListener('change', show, { signal: stop.signal });
  dialog.addEventListener('close', () => stop.abort());
  show();
  watch.look();
}

function titleOf(audit) {
  if (audit.verdict === 'tampered') return `✗ ${audit.state === 'running' ? 'Running, and something was changed' : 'Something was changed'}`;
  switch (audit.state) {
    case 'running': return '… Running';
    case 'completed': return audit.verdict === 'intact' ? '✓ Nothing was changed' : '◌ Completed, without a verdict';
    case 'failed': return '✗ The audit failed';
    default: return '✗ The audit’s own record was changed';
  }
}

function wordsOf(audit) {
  const parts = [`${formatNumber(audit.entries_checked)} of ${formatNumber(audit.tree_size)} entries read`];
  if (audit.rate > 0) parts.push(`${formatNumber(audit.rate)} a second`);
  if (audit.state === 'running' && audit.rate > 0) parts.push(`about ${formatDuration((audit.tree_size - audit.entries_checked) / audit.rate * 1000)} left`);
  parts.push(audit.ended_at ? `ended ${formatTime(audit.ended_at)}` : `started ${formatTime(audit.started_at)}`);
  return `${parts.join(', ')}.${audit.failure ? ` ${audit.failure}` : ''}`;
}

function linesOf(audit) {
  const lines = audit.findings.slice(0, MOST_LINES).map((finding) => `${placeOf(finding)}${finding.what}`);
  const more = audit.more_findings + Math.max(0, audit.findings.length - MOST_LINES);
  if (more > 0) lines.push(`… and ${plural(more, 'more finding')}`);
  return [...lines, ...(audit.unchecked ?? []).map((what) => `Not looked at: ${what}`)];
}

function placeOf({ from, to }) {
  if (from === null) return '';
  return from === to ? `Entry ${from}: ` : `Entries ${from} to ${to}: `;
}
