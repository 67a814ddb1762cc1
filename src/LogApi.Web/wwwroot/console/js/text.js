// Words, numbers and times as people read them.

const numbers = new Intl.NumberFormat('en');
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' });

export const formatNumber = (number) => numbers.format(number);

export const plural = (count, word) => `${formatNumber(count)} ${word}${count === 1 ? '' : 's'}`;

/** A timestamp of the service in this browser's time zone, to the millisecond. */
export function formatTime(timestamp) {
  const time = new Date(timestamp);
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

export function formatAge(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return relative.format(-seconds, 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return relative.format(-Math.floor(seconds / 86_400), 'day');
}

export function formatDuration(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

const KINDS = [
  ['bad', '▲', /ERR|FAIL|DENIED|REFUSED|REJECT|FORBIDDEN|UNAUTHORI[SZ]ED|TIMEOUT|CRITICAL|FATAL|ABORT/i],
  ['warn', '◆', /WARN|RETRY|SLOW|PARTIAL|PENDING|SKIP|DEGRADED/i],
  ['good', '●', /SUCCESS|OK|DONE|PASS|ALLOW|GRANTED|COMPLETE|ACCEPT/i],
];

/** What a status says, in a colour class and a shape that differ together. */
export function kindOf(status) {
  if (status === undefined) return { name: 'none', shape: '▬' };
  const found = KINDS.find(([, , pattern]) => pattern.test(status));
  return found ? { name: found[0], shape: found[1] } : { name: 'other', shape: '■' };
}

const two = (number) => String(number).padStart(2, '0');
