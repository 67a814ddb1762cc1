// What opens over the page. Each is a <dialog>, which keeps the focus, closes on Escape and gives the focus back.

import * as api from './api.js';
import { element } from './dom.js';
import { parametersOf, readFilter } from './filter.js';
import { formatNumber } from './text.js';
import { COLUMNS, deleteView, readSavedViews, saveView } from './view.js';

const SHORTCUTS = [
  ['/', 'Filter'], ['j  k', 'Next and previous row'], ['Enter', 'Open the entry'], ['Escape', 'Close'], ['v', 'Verify the open entry'],
  ['space', 'Pause, or back to now'], ['t', 'Newest on top or bottom'], ['r', 'Relative or absolute times'], ['w', 'Wrap'], ['?', 'This list'],
];
const COLUMN_TITLES = { seq: 'Number', time: 'Time', status: 'Status', user: 'User', query: 'Query', attributes: 'Attributes', id: 'Id' };

function open(title, ...content) {
  const dialog = element('dialog', { 'aria-label': title },
    element('header', { class: 'dialog-header' }, element('h2', {}, title), element('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => dialog.close() }, '✕')),
    ...content);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A form that says in words what went wrong and keeps what was typed. */
function form(fields, label, submit) {
  const problem = element('p', { class: 'problem', role: 'alert' });
  const button = element('button', { type: 'submit', class: 'primary' }, label);
  const made = element('form', { novalidate: true }, ...fields, problem, button);
  made.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    button.disabled = true;
    try {
      await submit(made);
    } catch (fault) {
      problem.textContent = fault.message;
    } finally {
      button.disabled = false;
    }
  });
  return made;
}

const field = (name, label, properties = {}) => element('label', {}, element('span', {}, label), element('input', { name, ...properties }));

export function signInDialog(onSignedIn) {
  const dialog = open('Sign in', element('p', {}, 'A session is for this tab only, and ends by itself.'),
    form([field('user_id', 'User id', { required: true, maxlength: '128', autocomplete: 'username' })], 'Sign in', async (made) => {
      const session = await api.signIn(made.user_id.value);
      dialog.close();
      onSignedIn(session);
    }));
}

export function writeDialog(onWritten) {
  const dialog = open('Write a test entry',
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
  open('Export', made);
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
  const dialog = open('Audit', element('p', {}, 'Reads every stored byte again and holds it against hashes, tree and signature.'), progress, words, findings, problem, start);
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

export function optionsDialog(view, apply) {
  const made = element('form', {
    onchange: () => apply({
      columns: COLUMNS.filter((name) => made.elements[name].checked),
      newest: made.newest.value, time: made.time.value, wrap: made.wrap.checked,
    }),
  },
  element('fieldset', {}, element('legend', {}, 'Columns'), ...COLUMNS.map((name) => element('label', { class: 'check' },
    element('input', { type: 'checkbox', name, checked: view.columns.includes(name) }), element('span', {}, COLUMN_TITLES[name])))),
  element('label', {}, element('span', {}, 'Newest'), select('newest', view.newest, [['top', 'on top'], ['bottom', 'at the bottom']])),
  element('label', {}, element('span', {}, 'Times'), select('time', view.time, [['absolute', 'absolute'], ['relative', 'relative']])),
  element('label', { class: 'check' }, element('input', { type: 'checkbox', name: 'wrap', checked: view.wrap }), element('span', {}, 'Wrap long queries')));
  open('Columns', made);
}

export function viewsDialog(view, openView) {
  const list = element('ul', { class: 'views' });
  const show = () => list.replaceChildren(...readSavedViews().map((saved) => element('li', {},
    element('button', { type: 'button', class: 'link', onclick: () => { dialog.close(); openView(saved.address); } }, saved.name),
    element('button', { type: 'button', class: 'quiet', 'aria-label': `Delete the view ${saved.name}`, onclick: () => { deleteView(saved.name); show(); } }, '✕'))));
  const dialog = open('Views', list, form([field('name', 'Save what is shown now as', { required: true, maxlength: '60' })], 'Save', async (made) => {
    if (!made.name.value.trim()) throw new Error('A view needs a name.');
    saveView(made.name.value.trim(), view);
    made.reset();
    show();
  }));
  show();
}

export function helpDialog() {
  open('Keyboard', element('dl', { class: 'shortcuts' }, ...SHORTCUTS.flatMap(([keys, what]) => [element('dt', {}, ...keys.split('  ').map((key) => element('kbd', {}, key))), element('dd', {}, what)])));
}

const select = (name, value, options) => element('select', { name }, ...options.map(([key, text]) => element('option', { value: key, selected: key === value }, text)));
