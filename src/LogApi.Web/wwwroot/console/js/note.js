// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint), checked with WebCrypto's Ed25519.

import { bytesOfBase64, bytesOfText, concat, sameBytes, sha256 } from './merkle.js';

const ED25519 = 1;
const KEY_ID_LENGTH = 4;

/** Reads a verifier key, `name+hash+base64(0x01 ‖ key)`, and checks that its hash is that of the key. */
export async function readVerifierKey(text) {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first < 1 || second < 0) throw new Error('This is no verifier key.');
  const name = text.slice(0, first);
  const bytes = bytesOfBase64(text.slice(second + 1));
  if (bytes.length !== 33 || bytes[0] !== ED25519) throw new Error('The verifier key is not an Ed25519 key.');
  const id = (await sha256(concat(bytesOfText(`${name}\n`), bytes))).slice(0, KEY_ID_LENGTH);
  if (Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('') !== text.slice(first + 1, second)) {
    throw new Error('The verifier key does not have the hash that it names.');
  }
  return { name, id, publicKey: bytes.slice(1) };
}

/** Takes a signed checkpoint apart. */
export function readCheckpoint(note) {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new Error('The checkpoint has no signature.');
  const text = note.slice(0, split + 1);
  const lines = text.slice(0, -1).split('\n');
  if (lines.length < 3 || !/^(0|[1-9][0-9]*)$/.test(lines[1])) throw new Error('The checkpoint is not in the form of one.');
  const root = bytesOfBase64(lines[2]);
  if (root.length !== 32) throw new Error('The checkpoint has no root hash.');
  const signatures = note.slice(split + 2, -1).split('\n').map((line) => {
    const match = /^\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    if (!match) throw new Error('The checkpoint has a line that is no signature.');
    return { name: match[1], bytes: bytesOfBase64(match[2]) };
  });
  return { text, origin: lines[0], size: BigInt(lines[1]), root, signatures, note };
}

/** Whether the key has signed the checkpoint. A bad signature under its own name and id spoils it. */
export async function isSignedBy(checkpoint, key) {
  const own = checkpoint.signatures.filter(
    (signature) => signature.name === key.name && sameBytes(signature.bytes.slice(0, KEY_ID_LENGTH), key.id));
  if (own.length === 0) return false;
  const imported = await crypto.subtle.importKey('raw', key.publicKey, { name: 'Ed25519' }, false, ['verify']);
  const text = bytesOfText(checkpoint.text);
  for (const signature of own) {
    if (!await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature.bytes.slice(KEY_ID_LENGTH), text)) return false;
  }
  return true;
}
