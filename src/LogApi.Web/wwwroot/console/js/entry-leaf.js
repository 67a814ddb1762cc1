// The leaf of an entry, made from the entry as it is served and its salt.

import { base64OfBytes, bytesOfBase64, bytesOfText, concat, sha256 } from './merkle.js';

// RFC 8785: members in the order of their names; JSON.stringify writes strings in its form.
const MEMBERS = ['attributes', 'hash', 'id', 'occurred_at', 'query', 'status', 'timestamp', 'user_id'];

/** Gives the canonical JSON that an entry's leaf commits to. */
export function payloadOf(entry) {
  const parts = MEMBERS.filter((name) => entry[name] !== undefined)
    .map((name) => `${JSON.stringify(name)}:${name === 'attributes' ? objectOf(entry.attributes) : JSON.stringify(entry[name])}`);
  return `{${parts.join(',')}}`;
}

/** Gives the leaf's text, as the tree has it. */
export async function leafOf(entry, salt) {
  const commitment = entry.redacted
    ? entry.commitment
    : base64OfBytes(await sha256(concat(bytesOfBase64(salt), bytesOfText(payloadOf(entry)))));
  return `logapi/v1\n${entry.id}\n${entry.timestamp}\n${commitment}\n`;
}

function objectOf(attributes) {
  // By UTF-16 code units, which is how JavaScript sorts.
  const names = Object.keys(attributes).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(attributes[name])}`).join(',')}}`;
}
