// The words of the filter bar: `user:alice status:ERROR some text attr.client:backup from:-1h to:2026-03-01T12:00`.

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const NAMES = ['user', 'status', 'from', 'to'];
const TIMES = [['-15m', '15 minutes ago'], ['-1h', 'an hour ago'], ['-1d', 'a day ago'], ['-1w', 'a week ago']];

/** Splits a text into words; quotes keep spaces together, and a backslash in them keeps the next character. */
export function wordsOf(text) {
  const words = [];
  const pattern = /((?:[^\s":]+:)?)(?:"((?:[^"\\]|\\.)*)"?|(\S+))/gy;
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at])) {
      at += 1;
      continue;
    }
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) break;
    const value = match[2] === undefined ? match[3] : match[2].replace(/\\(.)/g, '$1');
    words.push({ start: at, end: pattern.lastIndex, prefix: match[1].slice(0, -1), value, isQuoted: match[2] !== undefined });
    at = pattern.lastIndex;
  }
  return words;
}

/** Reads a filter. What is wrong is said in `errors`, and the rest is of use all the same. */
export function readFilter(text) {
  const filter = { user: null, status: null, attributes: {}, from: null, to: null, text: null };
  const errors = [];
  const free = [];
  for (const word of wordsOf(text)) {
    const { name, value } = nameOf(word);
    if (name === null) free.push(value);
    else if (value === '') errors.push(`${name}: needs a value.`);
    else if (name.startsWith('attr.')) filter.attributes[name.slice(5)] = value;
    else if (filter[name] !== null) errors.push(`${name}: may be there once.`);
    else if ((name === 'from' || name === 'to') && instantOf(value, 0) === null) errors.push(`${name}: takes a time such as -15m, -2h, -1d or 2026-03-01T12:00, not “${value}”.`);
    else filter[name] = value;
  }
  if (free.length > 0) filter.text = free.join(' ');
  return { filter, errors };
}

/** Writes a filter as the bar shows it. */
export function writeFilter(filter) {
  const words = [];
  for (const name of NAMES) if (filter[name]) words.push(`${name}:${quote(filter[name])}`);
  for (const [name, value] of Object.entries(filter.attributes)) words.push(`attr.${name}:${quote(value)}`);
  if (filter.text) words.push(/[:"]/.test(filter.text) ? `"${escape(filter.text)}"` : filter.text);
  return words.join(' ');
}

/** What the API is asked with, for as much of the filter as is wanted. */
export function parametersOf(filter, { withTimes, now = Date.now() }) {
  const parameters = new URLSearchParams();
  if (filter.user) parameters.set('user_id', filter.user);
  if (filter.status) parameters.set('status', filter.status);
  if (filter.text) parameters.set('q', filter.text);
  for (const [name, value] of Object.entries(filter.attributes)) parameters.append(`attr.${name}`, value);
  if (withTimes) {
    for (const name of ['from', 'to']) {
      if (filter[name]) parameters.set(name, new Date(instantOf(filter[name], now)).toISOString());
    }
  }
  return parameters;
}

/** Milliseconds since 1970 of `-15m` or of a date; null for anything else. */
export function instantOf(value, now) {
  const relative = /^-(\d{1,6})([smhdw])$/.exec(value);
  if (relative) return now - (Number(relative[1]) * UNITS[relative[2]]);
  if (!/^\d{4}-\d\d-\d\d/.test(value)) return null;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? null : instant;
}

/** What could stand at the caret: words to take over in place of the one that is there. */
export function completionsAt(text, caret, known) {
  const word = wordsOf(text).find((candidate) => candidate.start <= caret && caret <= candidate.end)
    ?? { start: caret, end: caret };
  const typed = text.slice(word.start, caret).toLowerCase();
  const offers = [];
  const offer = (value, hint, more = {}) => {
    if (value.toLowerCase().startsWith(typed) && value !== text.slice(word.start, word.end)) offers.push({ value, hint, start: word.start, end: word.end, ...more });
  };
  const attribute = /^attr\.([^:]+):/.exec(text.slice(word.start, caret));
  if (typed.startsWith('user:')) for (const user of known.users) offer(`user:${quote(user)}`, 'user');
  else if (typed.startsWith('status:')) offerStatuses(typed, known.statuses, offer);
  else if (typed.startsWith('from:') || typed.startsWith('to:')) for (const [value, hint] of TIMES) offer(typed.slice(0, typed.indexOf(':') + 1) + value, hint);
  else if (attribute) for (const value of known.attributes.get(attribute[1]) ?? []) offer(`attr.${attribute[1]}:${quote(value)}`, attribute[1]);
  else {
    offer('user:', 'who acted');
    offer('status:', 'with which outcome; several with commas');
    offer('from:', 'not before');
    offer('to:', 'before');
    for (const name of known.attributes.keys()) offer(`attr.${name}:`, 'attribute');
    if (known.attributes.size === 0) offer('attr.', 'attribute');
  }
  return offers.slice(0, 8);
}

// Behind a comma another status can follow.
function offerStatuses(typed, statuses, offer) {
  const before = typed.slice('status:'.length, typed.lastIndexOf(',') + 1).toUpperCase();
  const chosen = before.split(',');
  for (const status of statuses) if (!chosen.includes(status.toUpperCase())) offer(`status:${before}${status}`, 'status', { status });
}

/** The conditions one by one, as `{ name, value }`. */
export function conditionsOf(filter) {
  const conditions = NAMES.filter((name) => filter[name]).map((name) => ({ name, value: filter[name] }));
  for (const [name, value] of Object.entries(filter.attributes)) conditions.push({ name: `attr.${name}`, value });
  if (filter.text) conditions.push({ name: 'text', value: filter.text });
  return conditions;
}

/** The same filter with another value for a condition, or without it when the value is null. */
export function withCondition(filter, name, value) {
  if (!name.startsWith('attr.')) return { ...filter, [name]: value };
  const attributes = { ...filter.attributes };
  if (value === null) delete attributes[name.slice(5)];
  else attributes[name.slice(5)] = value;
  return { ...filter, attributes };
}

function nameOf(word) {
  const prefix = word.prefix.toLowerCase();
  if (NAMES.includes(prefix)) return { name: prefix, value: word.value };
  if (prefix.startsWith('attr.') && prefix.length > 5) return { name: `attr.${word.prefix.slice(5)}`, value: word.value };
  if (!word.prefix) {
    const colon = /^(user|status|from|to|attr\.[^:]+):$/i.exec(word.value);
    if (colon && !word.isQuoted) return { name: colon[1].toLowerCase(), value: '' };
    return { name: null, value: word.value };
  }
  return { name: null, value: `${word.prefix}:${word.value}` };
}

const quote = (value) => (/[\s"]/.test(value) ? `"${escape(value)}"` : value);

const escape = (value) => value.replace(/["\\]/g, '\\$&');
