// The columns of the list: what they are called, how wide they are and what they say of an entry.

import { formatAge, formatNumber, formatRowTime } from './text.js';

export const COLUMNS = {
  seq: { title: 'Number', width: '5.5rem', text: (entry) => formatNumber(entry.seq) },
  time: {
    title: 'Time', width: '10.5rem',
    text: (entry, { time, now }) => (time === 'relative' ? formatAge(now - Date.parse(entry.timestamp)) : formatRowTime(entry.timestamp)),
  },
  status: { title: 'Status', width: '8rem', text: (entry) => entry.status ?? 'REDACTED' },
  user: { title: 'User', width: '10rem', text: (entry) => entry.user_id ?? '' },
  query: { title: 'Query', width: 'minmax(0, 1fr)', text: (entry) => (entry.redacted ? 'Erased. That an entry stood here can still be proven.' : entry.query ?? '') },
  attributes: {
    title: 'Attributes', width: 'minmax(0, .5fr)',
    text: (entry) => Object.entries(entry.attributes ?? {}).map(([name, value]) => `${name}=${value}`).join('  '),
  },
  id: { title: 'Id', width: '19.5rem', text: (entry) => entry.id },
};

export const COLUMN_NAMES = Object.keys(COLUMNS);
