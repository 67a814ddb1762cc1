// Puts the page together: the view in the address, the live view, and what stands around it.

import './alarm.js';
import * as api from './api.js';
import { Announcer } from './announcer.js';
import { auditDialog } from './audit-dialog.js';
import { AuditWatch, shortOf } from './audit-watch.js';
import { CheckpointWatch } from './checkpoint-watch.js';
import { displayDialog } from './display-dialog.js';
import { icon, setText } from './dom.js';
import './entry-drawer.js';
import { exportDialog } from './export-dialog.js';
import './filter-bar.js';
import './filter-chips.js';
import { readFilter, withCondition, writeFilter } from './filter.js';
import { helpDialog } from './help-dialog.js';
import { keyDialog } from './key-dialog.js';
import { listenToKeys } from './keys.js';
import { LiveView } from './live-view.js';
import './log-list.js';
import { LogMemory } from './log-memory.js';
import './log-trust.js';
import { Overview } from './overview.js';
import './rate-chart.js';
import { session } from './session.js';
import { signInDialog, withSession } from './sign-in-dialog.js';
import './stream-status.js';
import { formatRate, kindOf, plural } from './text.js';
import { addressOf, readView } from './view.js';
import { viewsDialog } from './views-dialog.js';
import { writeDialog } from './write-dialog.js';

const STATS_EVERY = 5_000;
const RATE_EVERY = 1_000;

const $ = (selector) => document.querySelector(selector);
const [bar, chips, list, chart, drawer, status, alarm, trust] = ['filter-bar', 'filter-chips', 'log-list', 'rate-chart', 'entry-drawer', 'stream-status', 'log-alarm', 'log-trust'].map($);
const watch = new CheckpointWatch(new LogMemory());
const audits = new AuditWatch();
for (const part of [drawer, alarm, trust]) part.watch = watch;
const announcer = new Announcer($('#said'));
const overview = new Overview($('#counters'), $('#busiest'), (user) => setCondition('user', user));
const live = new LiveView({ list, chart, status });
let view = readView();

status.announcer = announcer;

function show({ restart = true } = {}) {
  bar.value = view.filter;
  list.options = view;
  showLook();
  if (!restart) return;
  live.show(view.filter);
  chips.show(live.filter);
  $('#to-live').hidden = !live.isPast;
  $('#pause-button').hidden = live.isPast;
  refreshStats();
}

// What the buttons above the list say is what the view is.
function showLook() {
  setText($('#order-button span'), view.newest === 'top' ? 'Newest on top' : 'Newest at bottom');
  setText($('#time-button span'), view.time === 'relative' ? 'Relative times' : 'Absolute times');
  $('#wrap-button').setAttribute('aria-pressed', String(view.wrap));
}

function change(part, { restart = false } = {}) {
  if (part.columns?.length === 0) delete part.columns;
  view = { ...view, ...part };
  history[restart ? 'pushState' : 'replaceState'](null, '', addressOf(view));
  show({ restart });
}

const setFilter = (filter) => change({ filter: writeFilter(filter) }, { restart: true });

const setCondition = (name, value) => setFilter(withCondition(readFilter(view.filter).filter, name, value));

const dropTimes = () => setFilter({ ...readFilter(view.filter).filter, from: null, to: null });

function openView(address) {
  history.pushState(null, '', address);
  view = readView();
  show();
}

function showPaused({ isPaused, count }) {
  const button = $('#pause-button');
  if (button.getAttribute('aria-pressed') !== String(isPaused)) {
    button.setAttribute('aria-pressed', String(isPaused));
    button.firstElementChild.replaceWith(icon(isPaused ? 'play' : 'pause'));
    setText(button.lastElementChild, isPaused ? 'Resume' : 'Pause');
  }
  if (isPaused && count > 0) announcer.say(`${plural(count, 'new entry is', 'new entries are')} held back.`);
}

// Names and values that were seen are offered when a filter is typed.
function learn(entries) {
  const { attributes } = bar.known;
  for (const entry of entries.slice(-5)) {
    for (const [name, value] of Object.entries(entry.attributes ?? {})) {
      if (!attributes.has(name) && attributes.size < 50) attributes.set(name, new Set());
      if ((attributes.get(name)?.size ?? 20) < 20) attributes.get(name).add(value);
    }
  }
}

async function refreshStats() {
  try {
    const stats = await api.readStats(20);
    overview.show({ ...stats, busiest_users: stats.busiest_users.slice(0, Overview.users) });
    bar.known.users = stats.busiest_users.map((user) => user.user_id);
    bar.known.statuses = Object.keys(stats.by_status).filter((name) => name !== '*');
    seedChart(stats.by_minute);
    showProblem('');
  } catch (fault) {
    if (fault.name !== 'AbortError') showProblem(`No figures: ${fault.message}`);
  }
}

// The service counts by minute and status: of a filter that asks for more than that nothing is known from before.
function seedChart(minutes) {
  const { user, text, attributes, status: wanted } = live.filter;
  if (user || text || Object.keys(attributes).length > 0) {
    chart.counts.forgetSeeds();
    chart.note = 'of what this page has loaded';
    return;
  }
  const statuses = wanted?.split(',').map((name) => name.trim());
  const chosen = minutes.map((minute) => ({ ...minute, by_status: statuses ? pick(minute.by_status, statuses) : minute.by_status }));
  chart.counts.seed(chosen);
  chart.note = '';
  chart.refresh();
}

const pick = (counts, names) => Object.fromEntries(Object.entries(counts).filter(([name]) => names.includes(name)));

function showProblem(text) {
  setText($('#overview-problem'), text);
}

const showRefusal = ({ state, reason }) => alarm.tell('The service signs no more', state === 'refused' ? reason : '');

let toastTimer = 0;
function toast(text) {
  $('#toast').textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $('#toast').textContent = ''; }, 6_000);
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

function showSession({ hasExpired = false } = {}) {
  const { current } = session;
  setText($('#sign-in-button span'), current ? `Sign out ${current.userId}` : 'Sign in');
  $('#sign-in-button').setAttribute('aria-haspopup', current ? 'false' : 'dialog');
  if (hasExpired) toast('Your session has ended. Sign in again to write or to audit.');
}

const write = () => withSession(() => writeDialog((entry) => toast(`Written as number ${entry.seq}.`)));
const openViews = () => viewsDialog(view, openView);
const openDisplay = () => displayDialog(view, (part) => change(part));
const turnOrder = () => change({ newest: view.newest === 'top' ? 'bottom' : 'top' });
const turnTimes = () => change({ time: view.time === 'relative' ? 'absolute' : 'relative' });
const turnWrap = () => change({ wrap: !view.wrap });
const turnPause = () => (list.isPaused ? list.resume() : list.pause());
const messageActions = {
  write,
  'search-on': () => live.loadOlder(),
  'drop-filter': () => change({ filter: '' }, { restart: true }),
  'drop-times': dropTimes,
  'from-here': () => setCondition('to', new Date(Date.parse(list.entries.oldest.timestamp) + 1).toISOString()),
};

live.addEventListener('entries', ({ detail }) => learn(detail));
live.addEventListener('refused', ({ detail }) => bar.refuse(detail));
live.addEventListener('integrity', ({ detail }) => showRefusal(detail));
watch.addEventListener('service', ({ detail }) => {
  showRefusal(detail.integrity);
  status.set({ integrity: detail.integrity.state === 'ok' ? null : detail.integrity.reason });
  if (detail.signed_at !== null) status.set({ checkpoint: { size: detail.tree_size, signedAt: Date.parse(detail.signed_at) } });
});
bar.addEventListener('filter', ({ detail }) => change({ filter: detail }, { restart: true }));
chips.addEventListener('drop', ({ detail }) => setCondition(detail, null));
status.addEventListener('retry', () => live.retry());
list.addEventListener('open', ({ detail }) => (detail.isMove && !drawer.entry ? null : openEntry(detail.entry, { focus: !detail.isMove })));
list.addEventListener('past-end', () => live.loadOlder());
list.addEventListener('paused', ({ detail }) => showPaused(detail));
list.addEventListener('action', ({ detail }) => messageActions[detail]());
drawer.addEventListener('close', () => { list.select(null); change({ entry: null }); });
drawer.addEventListener('key', () => keyDialog(watch));
drawer.addEventListener('filter', ({ detail }) => setCondition(detail.name, detail.value));
chart.addEventListener('range', ({ detail }) => setFilter({ ...readFilter(view.filter).filter, from: new Date(detail.from).toISOString(), to: new Date(detail.to).toISOString() }));
chart.addEventListener('zoom-out', dropTimes);
chart.addEventListener('kind', ({ detail }) => {
  const names = bar.known.statuses.filter((name) => kindOf(name).name === detail);
  if (names.length > 0) setCondition('status', names.join(','));
});
$('#to-live').addEventListener('click', dropTimes);
$('#pause-button').addEventListener('click', turnPause);
$('#order-button').addEventListener('click', turnOrder);
$('#time-button').addEventListener('click', turnTimes);
$('#wrap-button').addEventListener('click', turnWrap);
$('#views-button').addEventListener('click', openViews);
$('#options-button').addEventListener('click', openDisplay);
$('#export-button').addEventListener('click', () => exportDialog(view.filter));
$('#audit-button').addEventListener('click', () => withSession(() => auditDialog(audits)));
$('#write-button').addEventListener('click', write);
$('#sign-in-button').addEventListener('click', () => (session.current ? api.signOut().catch((fault) => toast(fault.message)) : signInDialog()));
session.addEventListener('change', ({ detail }) => showSession(detail));
audits.addEventListener('change', () => {
  status.set({ audit: shortOf(audits) });
  alarm.tell('An audit found changes', audits.audit?.verdict === 'tampered' ? 'What is stored is not what was written. The audit names the entries.' : '');
});
$('#help-button').addEventListener('click', helpDialog);
addEventListener('popstate', () => { view = readView(); show(); });
listenToKeys({
  '/': () => bar.focus(),
  '?': helpDialog,
  j: () => list.move(1),
  k: () => list.move(-1),
  o: () => list.turnOver(),
  l: () => list.focusRows(),
  g: () => chart.plot.focus(),
  z: dropTimes,
  ' ': turnPause,
  Enter: () => list.openSelected(),
  v: () => drawer.entry && drawer.verify(),
  t: turnOrder,
  r: turnTimes,
  w: turnWrap,
  c: openDisplay,
  b: openViews,
  Escape: () => (drawer.entry ? drawer.close() : list.resume()),
});

showSession();
show();
openPermalink();
setInterval(refreshStats, STATS_EVERY);
setInterval(() => overview.showRate(formatRate(live.rate)), RATE_EVERY);
watch.start();
audits.look();
