// Saving what a view selects as a file.

import * as api from './api.js';
import { field, openDialog, select } from './dialog.js';
import { element } from './dom.js';
import { parametersOf, readFilter } from './filter.js';

export function exportDialog(filterText) {
  const { filter } = readFilter(filterText);
  const parameters = parametersOf(filter, { withTimes: true });
  const link = element('a', { class: 'button primary', download: '' }, 'Download');
  const words = element('p', { role: 'status' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  let refusal = '';
  const choose = () => {
    const isCsv = made.format.value === 'csv';
    made.proofs.disabled = isCsv;
    const limit = made.limit.value;
    const isWrong = !made.limit.validity.valid;
    problem.textContent = refusal || (isWrong ? 'At the most: a whole number, 1 or more.' : '');
    // A download that fails would leave a file with the words in it.
    link.hidden = problem.textContent !== '';
    link.href = api.exportAddress(parameters, {
      format: made.format.value,
      order: made.order.value,
      ...(limit ? { limit } : {}),
      ...(made.proofs.checked && !isCsv ? { proofs: 'true' } : {}),
    });
  };
  const made = element('form', { onchange: choose, oninput: choose, onsubmit: (event) => event.preventDefault() },
    element('p', {}, filterText ? `Everything that matches “${filterText}”, also what the list has not loaded.` : 'The whole log.'),
    element('label', {}, element('span', {}, 'Format'), select('format', 'ndjson', [['ndjson', 'NDJSON: one JSON object a line'], ['csv', 'CSV: for a spreadsheet']])),
    element('label', {}, element('span', {}, 'Order'), select('order', 'asc', [['asc', 'oldest first'], ['desc', 'newest first']])),
    field('limit', 'At the most; empty for all', { type: 'number', min: '1', step: '1' }),
    element('label', { class: 'check' }, element('input', { type: 'checkbox', name: 'proofs' }), element('span', {}, 'With proofs, to be verified without this service (NDJSON only)')),
    words, problem, link);
  openDialog('Export', made);
  choose();
  foretell(parameters, words).catch((fault) => {
    refusal = fault.message;
    choose();
  });
}

async function foretell(parameters, words) {
  const query = new URLSearchParams(parameters);
  query.set('limit', '1');
  const page = await api.searchLogs(query);
  if (page.items.length === 0 && !page.has_more) words.textContent = 'Nothing matches now: the file will be without entries.';
}
