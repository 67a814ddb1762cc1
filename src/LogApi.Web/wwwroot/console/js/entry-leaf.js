// The leaf of an entry, made from the entry as it is shown and the salt that the proof brings.

import { base64OfBytes, bytesOfBase64, bytesOfText, concat } from './bytes.js';
import { readHash, sha256 } from './merkle.js';

// RFC 8785: members in the order of their names; JSON.stringify writes strings in its form.
const CONTENT = ['attributes', 'hash', 'id', 'occurred_at', 'query', 'status', 'timestamp', 'user_id'];
const REQUIRED = ['hash', 'id', 'query', 'status', 'timestamp', 'user_id'];

// What the service says beside an entry, and the leaf does not cover: its place, and what a message is.
const BESIDE = ['seq', 'type', 'redacted', 'commitment'];
const LEFT_OF_REDACTED = ['id', 'timestamp', ...BESIDE];
const SALT_LENGTH = 16;

/** Gives the canonical JSON that an entry's leaf commits to. */
export function payloadOf(entry) {
  const parts = CONTENT.filter((name) => entry[name] !== undefined)
    .map((name) => `${JSON.stringify(name)}:${name === 'attributes' ? objectOf(entry.attributes) : JSON.stringify(entry[name])}`);
  return `{${parts.join(',')}}`;
}

/**
 * Gives { leaf, payload, commitment } of an entry: the leaf as the tree has it. Throws, with words to show, when none follows from it:
 * also when something stands in the entry that no leaf covers, for a reader would take it for proven.
 */
export async function leafOf(entry, salt) {
  checkForm(entry);
  let payload = null;
  let commitment = entry.commitment;
  if (entry.redacted) {
    readHash(commitment);
  } else {
    const saltBytes = bytesOfBase64(salt);
    if (saltBytes.length !== SALT_LENGTH) throw new Error('The proof’s salt is not 16 bytes long.');
    payload = payloadOf(entry);
    commitment = base64OfBytes(await sha256(concat(saltBytes, bytesOfText(payload))));
  }
  return { leaf: `logapi/v1\n${entry.id}\n${entry.timestamp}\n${commitment}\n`, payload, commitment };
}

function checkForm(entry) {
  const known = entry.redacted ? LEFT_OF_REDACTED : [...CONTENT, ...BESIDE];
  const extra = Object.keys(entry).find((name) => !known.includes(name));
  if (extra !== undefined) throw new Error(`The entry has a member “${extra}” that the log does not cover.`);
  if (!entry.redacted && entry.commitment !== undefined) throw new Error('The entry has a commitment without being redacted.');
  const required = entry.redacted ? ['id', 'timestamp', 'commitment'] : REQUIRED;
  const missing = required.find((name) => !isText(entry[name]));
  if (missing) throw new Error(`The entry has no ${missing} as the service writes it.`);
  if (/\n/.test(entry.id + entry.timestamp)) throw new Error('The entry’s id or time has a line break.');
  if (entry.occurred_at !== undefined && !isText(entry.occurred_at)) throw new Error('The entry has no occurred_at as the service writes it.');
  if (entry.attributes !== undefined && !isObjectOfTexts(entry.attributes)) throw new Error('The entry has attributes of another form than the service writes.');
}

// A lone surrogate has no UTF-8: two different texts would give the same bytes.
const isText = (value) => typeof value === 'string' && value.isWellFormed();

const isObjectOfTexts = (value) => value !== null && typeof value === 'object' && !Array.isArray(value)
  && Object.entries(value).length > 0 && Object.entries(value).every(([name, text]) => isText(name) && isText(text));

function objectOf(attributes) {
  // By UTF-16 code units, which is how JavaScript sorts.
  const names = Object.keys(attributes).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(attributes[name])}`).join(',')}}`;
}
