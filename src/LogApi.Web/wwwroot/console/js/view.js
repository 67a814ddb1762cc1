// What is looked at: it stands in the address, so that it can be shared, and under a name in this browser, so that it can be kept.

import { COLUMN_NAMES } from './columns.js';

const STORED_VIEWS = 'logapi.views';

const DEFAULTS = { filter: '', newest: 'top', time: 'absolute', wrap: false, columns: ['time', 'status', 'user', 'query'] };

export function readView(address = location) {
  const parameters = new URLSearchParams(address.search);
  const columns = (parameters.get('columns') ?? '').split(',').filter((name) => COLUMN_NAMES.includes(name));
  return {
    filter: parameters.get('q') ?? DEFAULTS.filter,
    newest: parameters.get('newest') === 'bottom' ? 'bottom' : 'top',
    time: parameters.get('time') === 'relative' ? 'relative' : 'absolute',
    wrap: parameters.get('wrap') === '1',
    columns: columns.length > 0 ? columns : DEFAULTS.columns,
    entry: parameters.get('entry'),
  };
}

export function addressOf(view) {
  const parameters = new URLSearchParams();
  if (view.filter) parameters.set('q', view.filter);
  if (view.newest !== DEFAULTS.newest) parameters.set('newest', view.newest);
  if (view.time !== DEFAULTS.time) parameters.set('time', view.time);
  if (view.wrap) parameters.set('wrap', '1');
  if (view.columns.join() !== DEFAULTS.columns.join()) parameters.set('columns', view.columns.join());
  if (view.entry) parameters.set('entry', view.entry);
  const query = parameters.toString();
  return query ? `?${query}` : location.pathname;
}

export function readSavedViews() {
  try {
    const views = JSON.parse(localStorage.getItem(STORED_VIEWS)) ?? [];
    return Array.isArray(views) ? views.filter((view) => typeof view?.name === 'string' && typeof view?.address === 'string') : [];
  } catch {
    return [];
  }
}

export function saveView(name, view) {
  const views = readSavedViews().filter((saved) => saved.name !== name);
  views.push({ name, address: addressOf({ ...view, entry: null }) });
  localStorage.setItem(STORED_VIEWS, JSON.stringify(views));
}

export function deleteView(name) {
  localStorage.setItem(STORED_VIEWS, JSON.stringify(readSavedViews().filter((saved) => saved.name !== name)));
}

/** What a saved view shows, in a few words. */
export function describeView(address) {
  const view = readView(new URL(address, location.href));
  return [view.filter || 'everything', view.newest === 'bottom' ? 'newest at the bottom' : '', view.wrap ? 'wrapped' : ''].filter(Boolean).join(' · ');
}
