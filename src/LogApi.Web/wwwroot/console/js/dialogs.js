// What opens over the page: sign-in, writing, export and audit.

import * as api from './api.js';
import { field, form, openDialog } from './dialog.js';
import { element } from './dom.js';
import { parametersOf, readFilter } from './filter.js';
import { formatNumber } from './text.js';

export function signInDialog(onSignedIn) {
  const dialog = openDialog('Sign in', element('p', {}, 'A session is for this tab only, and ends by itself.'),
    form([field('user_id', 'User id', { required: true, maxlength: '128', autocomplete: 'username' })], 'Sign in', async (made) => {
      const session = await api.signIn(made.user_id.value);
      dialog.close();
      onSignedIn(session);
    }));
}

export function writeDialog(onWritten) {
  const dialog = openDialog('Write a test entry',
    form([
      element('label', {}, element('span', {}, 'Query'), element('textarea', { name: 'query', rows: '4', required: true })),
      field('status', 'Status', { value: 'SUCCESS', maxlength: '64' }),
      field('attribute', 'Attributes, as name=value, with commas between'),
    ], 'Write', async (made) => {
      const attributes = Object.fromEntries(made.attribute.value.split(',').map((pair) => pair.split('=').map((part) => part.trim())).filter(([name, value]) => name && value !== undefined));
      const entry = await api.writeLog({ query: made.query.value, status: made.status.value, ...(Object.keys(attributes).length > 0 ? { attributes } : {}) });
      dialog.close();
      onWritten(entry);
    }));
}

export function exportDialog(filterText) {
  const { filter } = readFilter(filterText);
  const link = element('a', { class: 'button primary', download: '' }, 'Download');
  const choose = () => {
    const isCsv = made.format.value === 'csv';
    made.proofs.disabled = isCsv;
    link.href = api.exportAddress(parametersOf(filter, { withTimes: true }), made.format.value, made.proofs.checked && !isCsv);
  };
  const made = element('form', { onchange: choose },
    element('p', {}, filterText ? `Everything that matches “${filterText}”.` : 'The whole log.'),
    element('label', {}, element('span', {}, 'Format'), element('select', { name: 'format' }, element('option', { value: 'ndjson' }, 'NDJSON: a JSON object a line'), element('option', { value: 'csv' }, 'CSV'))),
    element('label', { class: 'check' }, element('input', { type: 'checkbox', name: 'proofs' }), element('span', {}, 'With proofs, to be verified offline')),
    link);
  openDialog('Export', made);
  choose();
}

export function auditDialog(follow) {
  const progress = element('progress', { max: '100', value: '0', 'aria-label': 'Progress' });
  const words = element('p', { role: 'status' });
  const findings = element('ul', { class: 'findings' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  const start = element('button', {
    type: 'button', class: 'primary', onclick: async () => {
      problem.textContent = '';
      try {
        show(await api.startAudit());
      } catch (fault) {
        problem.textContent = fault.message;
      }
    },
  }, 'Start an audit');
  const dialog = openDialog('Audit', element('p', {}, 'Reads every stored byte again and holds it against hashes, tree and signature.'), progress, words, findings, problem, start);
  let timer = 0;
  const show = (audit) => {
    progress.value = audit.percent ?? 0;
    words.textContent = audit.state === 'running'
      ? `${formatNumber(audit.entries_checked)} of ${formatNumber(audit.tree_size)} entries, ${audit.findings.length} findings so far`
      : `${audit.state}: ${audit.verdict === 'intact' ? 'nothing was changed' : `${audit.findings.length} findings`} in ${formatNumber(audit.tree_size)} entries`;
    findings.replaceChildren(...audit.findings.slice(0, 200).map((finding) => element('li', {},
      `${finding.from === null || finding.from === undefined ? '' : finding.from === finding.to ? `Entry ${finding.from}: ` : `Entries ${finding.from} to ${finding.to}: `}${finding.what}`)));
    start.disabled = audit.state === 'running';
    follow(audit);
    if (audit.state === 'running' && dialog.open) timer = setTimeout(() => poll(audit.id), 1_000);
  };
  const poll = async (id) => {
    try {
      show(await api.readAudit(id));
    } catch (fault) {
      problem.textContent = fault.message;
      timer = setTimeout(() => poll(id), 3_000);
    }
  };
  dialog.addEventListener('close', () => clearTimeout(timer));
  api.listAudits().then((list) => list.audits?.[0] && show(list.audits[0])).catch((fault) => { problem.textContent = fault.message; });
}
