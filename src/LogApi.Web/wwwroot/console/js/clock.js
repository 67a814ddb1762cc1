// What time it is for the service. A browser's clock can be minutes off, and a lag must not be a difference of clocks.

let ahead = null;

/** How late a message of now is that bears a time of the service, in milliseconds; never less than nothing. */
export function latenessOf(timestamp) {
  const late = Date.now() - Date.parse(timestamp);
  // Nothing arrives before it was sent: then it is this clock that is behind.
  if (late < (ahead ?? 0)) ahead = late;
  return late - (ahead ?? 0);
}

/** Learns from a message that was sent as soon as it was stamped, such as a heartbeat. */
export function learnClock(timestamp) {
  const late = Date.now() - Date.parse(timestamp);
  // The quickest one is the nearest to the truth; a clock that was set meanwhile shows as a jump.
  ahead = ahead === null || late < ahead || late - ahead > 60_000 ? late : ahead;
}

/** The service's time, milliseconds since 1970. */
export const serviceNow = () => Date.now() - (ahead ?? 0);

/** The latest that the service's clock can show now: a difference of less than a minute may as well be messages that were late. */
export const latestServiceNow = () => Date.now() - (ahead !== null && (ahead < 0 || ahead > 60_000) ? ahead : 0);
