// Puts the page together: the view in the address, the stream, the list and what stands around it.

import './alarm.js';
import * as api from './api.js';
import { auditDialog, exportDialog, signInDialog, writeDialog } from './dialogs.js';
import { displayDialog } from './display-dialog.js';
import { element } from './dom.js';
import './entry-drawer.js';
import './filter-bar.js';
import { instantOf, parametersOf, readFilter, writeFilter } from './filter.js';
import { CheckpointWatch } from './checkpoint-watch.js';
import { helpDialog } from './help-dialog.js';
import './log-list.js';
import { LogMemory } from './log-memory.js';
import './log-trust.js';
import { keyDialog } from './key-dialog.js';
import './rate-chart.js';
import { LiveStream } from './stream.js';
import './stream-status.js';
import { formatNumber } from './text.js';
import { addressOf, readView } from './view.js';
import { viewsDialog } from './views-dialog.js';

const HISTORY = 200;
const STATS_EVERY = 5_000;

const $ = (selector) => document.querySelector(selector);
const [bar, list, chart, drawer, status, alarm, trust] = ['filter-bar', 'log-list', 'rate-chart', 'entry-drawer', 'stream-status', 'log-alarm', 'log-trust'].map($);
const watch = new CheckpointWatch(new LogMemory());
for (const part of [drawer, alarm, trust]) part.watch = watch;
const stream = new LiveStream();
let view = readView();
let older = null;

function show({ restart = true } = {}) {
  bar.value = view.filter;
  list.options = view;
  if (restart) restartStream();
}

function change(part, { restart = false } = {}) {
  view = { ...view, ...part };
  history[restart ? 'pushState' : 'replaceState'](null, '', addressOf(view));
  show({ restart });
}

function restartStream() {
  const { filter } = readFilter(view.filter);
  older?.abort();
  older = null;
  list.clear();
  chart.clear();
  list.message = 'Waiting for entries…';
  // A view that ends in the past has nothing to wait for.
  if (filter.to && instantOf(filter.to, Date.now()) <= Date.now()) {
    stream.stop();
    loadOlder();
  } else {
    stream.start(parametersOf(filter, { withTimes: false }), HISTORY);
  }
  refreshStats();
}

function isWanted(entry, filter) {
  const time = Date.parse(entry.timestamp);
  return !filter.from || time >= instantOf(filter.from, Date.now());
}

async function loadOlder() {
  if (older) return;
  const controller = new AbortController();
  older = controller;
  const { filter } = readFilter(view.filter);
  const parameters = parametersOf(filter, { withTimes: true });
  parameters.set('limit', String(HISTORY));
  if (list.entries.length > 0) {
    // The microsecond after it, so that others of the same one are not passed over; those that are here are known by number.
    parameters.set('to', new Date(Date.parse(list.entries.oldest.timestamp) + 1).toISOString());
  }
  try {
    let page = await api.searchLogs(parameters, controller.signal);
    while (page.has_more && list.entries.length > 0 && page.items.every((entry) => entry.seq >= list.entries.oldest.seq)) {
      parameters.set('cursor', page.next_cursor);
      page = await api.searchLogs(parameters, controller.signal);
    }
    list.addOlder(page.items, page.has_more);
    for (const gap of page.gaps ?? []) status.addLost(gap);
    list.message = 'No entry matches.';
  } catch (fault) {
    if (fault.name !== 'AbortError') toast(fault.message);
  } finally {
    if (older === controller) older = null;
  }
}

stream.addEventListener('state', ({ detail }) => {
  status.set({ state: detail.state, failure: detail.failure });
  if (detail.state === 'live') list.message = 'No entry matches yet.';
});
stream.addEventListener('entries', ({ detail }) => {
  const { filter } = readFilter(view.filter);
  const entries = filter.from ? detail.entries.filter((entry) => isWanted(entry, filter)) : detail.entries;
  if (entries.length === 0) return;
  list.add(entries, { isHistory: detail.isHistory });
  chart.add(entries);
  const newest = entries.at(-1);
  status.set({ seq: newest.seq, ...(detail.isHistory ? {} : { lag: Math.max(0, Date.now() - Date.parse(newest.timestamp) - skew) }) });
  learn(entries);
});
stream.addEventListener('lost', ({ detail }) => status.addLost(detail));
stream.addEventListener('filled', ({ detail }) => status.addFilled(detail.count ?? 1));
stream.addEventListener('heartbeat', ({ detail }) => {
  skew = Date.now() - Date.parse(detail.timestamp);
  status.set({ connections: detail.active_connections, ...(detail.seq === undefined ? {} : { seq: detail.seq }) });
});
stream.addEventListener('integrity', ({ detail }) => { alarm.refusal = detail.state === 'refused' ? detail.reason : ''; });
watch.addEventListener('service', ({ detail }) => {
  alarm.refusal = detail.integrity.state === 'refused' ? detail.integrity.reason : '';
  if (detail.signed_at !== null) status.set({ checkpoint: { size: detail.tree_size, signedAt: Date.parse(detail.signed_at) } });
});

// How far this browser's clock is ahead of the service's, so that the lag is not a difference of clocks.
let skew = 0;

function learn(entries) {
  for (const entry of entries.slice(-50)) {
    for (const name of Object.keys(entry.attributes ?? {})) if (!bar.known.attributes.includes(name) && bar.known.attributes.length < 50) bar.known.attributes.push(name);
  }
}

async function refreshStats() {
  try {
    const stats = await api.readStats(10);
    const failed = Object.entries(stats.by_status).filter(([name]) => /ERR|FAIL/i.test(name)).reduce((sum, [, count]) => sum + count, 0);
    $('#counters').replaceChildren(...[['Entries', stats.totals.kept], ['Users', stats.totals.users], ['Failed', failed]].flatMap(
      ([name, value]) => [element('div', {}, element('dt', {}, name), element('dd', {}, formatNumber(value)))]));
    $('#busiest').replaceChildren(...stats.busiest_users.map((user) => element('li', {},
      element('button', { type: 'button', class: 'link', onclick: () => addToFilter('user', user.user_id) }, user.user_id), ' ', element('span', { class: 'count' }, formatNumber(user.entries)))));
    bar.known.users = stats.busiest_users.map((user) => user.user_id);
    bar.known.statuses = Object.keys(stats.by_status).filter((name) => name !== '*');
    if (!view.filter) chart.seed(stats.by_minute, Date.now());
  } catch (fault) {
    if (fault.name !== 'AbortError') $('#counters').replaceChildren(element('div', {}, element('dt', {}, 'Statistics'), element('dd', {}, fault.message)));
  }
}

let toastTimer = 0;
function toast(text) {
  $('#toast').textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $('#toast').textContent = ''; }, 6_000);
}

function addToFilter(name, value) {
  const { filter } = readFilter(view.filter);
  if (name.startsWith('attr.')) filter.attributes[name.slice(5)] = value;
  else filter[name] = value;
  change({ filter: writeFilter(filter) }, { restart: true });
}

function openEntry(entry, options) {
  drawer.open(entry, options);
  list.select(entry);
  change({ entry: entry.id });
}

async function openPermalink() {
  if (!view.entry) return;
  try {
    openEntry(await api.readLog(view.entry));
  } catch (fault) {
    toast(fault.message);
  }
}

function showSession() {
  const session = api.readSession();
  $('#sign-in-button').textContent = session ? `Sign out ${session.userId}` : 'Sign in';
}

/** Does what needs a session, after asking for one. */
const signedIn = (action) => () => (api.readSession() ? action() : signInDialog(() => { showSession(); action(); }));

bar.addEventListener('filter', ({ detail }) => change({ filter: detail }, { restart: true }));
list.addEventListener('open', ({ detail }) => (detail.isMove && !drawer.entry ? null : openEntry(detail.entry, { focus: !detail.isMove })));
list.addEventListener('past-end', loadOlder);
drawer.addEventListener('close', () => { list.select(null); change({ entry: null }); });
drawer.addEventListener('key', () => keyDialog(watch));
drawer.addEventListener('filter', ({ detail }) => addToFilter(detail.name, detail.value));
chart.addEventListener('range', ({ detail }) => {
  const { filter } = readFilter(view.filter);
  change({ filter: writeFilter({ ...filter, from: new Date(detail.from).toISOString(), to: new Date(detail.to).toISOString() }) }, { restart: true });
});
$('#views-button').addEventListener('click', () => viewsDialog(view, (address) => { history.pushState(null, '', address); view = readView(); show(); }));
$('#options-button').addEventListener('click', () => displayDialog(view, (part) => change(part)));
$('#export-button').addEventListener('click', () => exportDialog(view.filter));
$('#audit-button').addEventListener('click', signedIn(() => auditDialog((audit) => status.set({ audit: audit.state === 'running' ? `${Math.floor(audit.percent)} %` : audit.verdict }))));
$('#write-button').addEventListener('click', signedIn(() => writeDialog((entry) => toast(`Written as number ${entry.seq}.`))));
$('#sign-in-button').addEventListener('click', () => (api.readSession() ? api.signOut().then(showSession, showSession) : signInDialog(showSession)));
$('#help-button').addEventListener('click', helpDialog);
addEventListener('popstate', () => { view = readView(); show(); });
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, dialog')) return;
  const actions = {
    '/': () => bar.focus(),
    '?': helpDialog,
    j: () => list.move(1),
    k: () => list.move(-1),
    ' ': () => (list.isPaused ? list.resume() : list.pause()),
    v: () => drawer.entry && drawer.verify(),
    t: () => change({ newest: view.newest === 'top' ? 'bottom' : 'top' }),
    r: () => change({ time: view.time === 'relative' ? 'absolute' : 'relative' }),
    w: () => change({ wrap: !view.wrap }),
    Escape: () => drawer.close(),
  };
  if (!actions[event.key] || (event.key === ' ' && event.target.closest('button, a, summary'))) return;
  event.preventDefault();
  actions[event.key]();
});

showSession();
show();
openPermalink();
setInterval(refreshStats, STATS_EVERY);
watch.start();
