// Words, numbers and times as people read them.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const numbers = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const formatNumber = (number) => numbers.format(number);

/** `12.3K` for what has little room. */
export const formatShort = (number) => (number < 10_000 ? numbers.format(number) : short.format(number));

export const plural = (count, word, words = `${word}s`) => `${formatNumber(count)} ${count === 1 ? word : words}`;

/** A timestamp of the service in this browser's time zone, to the millisecond. */
export function formatTime(timestamp) {
  const time = new Date(timestamp);
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${formatClock(time)}`;
}

/** The same for a row: the year is left out while it is this one. */
export function formatRowTime(timestamp, now = new Date()) {
  const time = new Date(timestamp);
  const year = time.getFullYear() === now.getFullYear() ? '' : `${time.getFullYear()} `;
  return `${year}${MONTHS[time.getMonth()]} ${two(time.getDate())} ${formatClock(time)}`;
}

/** `14:03:10`, as an axis or a span of time is labelled. */
export function formatClockSeconds(time) {
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** From when to when, with the day only where it is not today. */
export function formatSpan(from, to, now = new Date()) {
  const isToday = (time) => time.toDateString() === now.toDateString();
  const say = (time) => `${isToday(time) ? '' : `${MONTHS[time.getMonth()]} ${two(time.getDate())} `}${formatClockSeconds(time)}`;
  return `${say(new Date(from))} – ${say(new Date(to))}`;
}

/** `4 s ago`, `12 min ago`: always as narrow, so that a column of them can be read down. */
export function formatAge(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${plural(Math.floor(seconds / 86_400), 'day')} ago`;
}

export function formatDuration(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** Entries a second, with a digit behind the point while there are few. */
export const formatRate = (rate) => `${rate > 0 && rate < 10 ? rate.toFixed(1) : formatShort(Math.round(rate))}/s`;

const KINDS = [
  ['bad', '▲', /ERR|FAIL|DENIED|REFUSED|REJECT|FORBIDDEN|UNAUTHORI[SZ]ED|TIMEOUT|CRITICAL|FATAL|ABORT|INVALID/i],
  ['warn', '◆', /WARN|RETRY|SLOW|PARTIAL|PENDING|SKIP|DEGRADED/i],
  ['good', '●', /SUCCESS|OK|DONE|PASS|ALLOW|GRANTED|COMPLETE|ACCEPT/i],
];
const known = new Map();

/** What a status says, in a colour class and a shape that differ together. */
export function kindOf(status) {
  if (status === undefined) return { name: 'none', shape: '▬' };
  let kind = known.get(status);
  if (kind) return kind;
  const found = KINDS.find(([, , pattern]) => pattern.test(status));
  kind = found ? { name: found[0], shape: found[1] } : { name: 'other', shape: '■' };
  // A log has few statuses; one that has very many must not fill the memory.
  if (known.size < 1_000) known.set(status, kind);
  return kind;
}

function formatClock(time) {
  return `${formatClockSeconds(time)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

const two = (number) => String(number).padStart(2, '0');
