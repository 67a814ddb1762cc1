// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint), checked with WebCrypto's Ed25519.

import { bytesOfBase64, bytesOfText, concat, hexOfBytes, sameBytes } from './bytes.js';
import { readHash, sha256 } from './merkle.js';

const ED25519 = 1;
const KEY_ID_LENGTH = 4;
const PUBLIC_KEY_LENGTH = 32;

/** Reads a verifier key, `name+id+base64(0x01 ‖ public key)`, and checks that its id is that of its key. */
export async function readVerifierKey(text) {
  // Base64 has plus signs of its own: only the first two split.
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first < 1 || second < 0) throw new Error('This is no verifier key: it has the form name+id+key.');
  const name = text.slice(0, first);
  const bytes = bytesOfBase64(text.slice(second + 1));
  if (bytes.length !== 1 + PUBLIC_KEY_LENGTH || bytes[0] !== ED25519) throw new Error('The verifier key is not an Ed25519 key.');
  const id = (await sha256(concat(bytesOfText(`${name}\n`), bytes))).slice(0, KEY_ID_LENGTH);
  if (hexOfBytes(id) !== text.slice(first + 1, second)) throw new Error('The verifier key does not have the id that it names: a character of it was changed.');
  return { name, id, publicKey: bytes.slice(1), text };
}

/** Takes a signed checkpoint apart; what it says is not believed before `isSignedBy`. */
export function readCheckpoint(note) {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new Error('The checkpoint has no signature.');
  const text = note.slice(0, split + 1);
  const [origin, size, root] = text.split('\n');
  if (!origin || !/^(0|[1-9][0-9]{0,18})$/.test(size ?? '') || !root) throw new Error('The checkpoint is not in the form of one.');
  const signatures = note.slice(split + 2, -1).split('\n').map((line) => {
    const match = /^\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    if (!match) throw new Error('The checkpoint has a line that is no signature.');
    return { name: match[1], bytes: bytesOfBase64(match[2]) };
  });
  return { text, origin, size: BigInt(size), root: readHash(root), rootText: root, signatures, note };
}

/**
 * Whether the key has signed the checkpoint, which is one of the log that the key names. Signatures of others do not count; a bad one
 * under the key's own name and id spoils the checkpoint.
 */
export async function isSignedBy(checkpoint, key) {
  if (checkpoint.origin !== key.name) return false;
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
