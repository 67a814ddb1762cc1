// What this browser itself can check of the log, step by step: a proof, a checkpoint, and that the log only ever grew.

import { leafOf } from './entry-leaf.js';
import { base64OfBytes, bytesOfBase64, bytesOfText, hashLeaf, isConsistent, rootOfInclusion, sameBytes } from './merkle.js';
import { isSignedBy, readCheckpoint, readVerifierKey } from './note.js';

const STORED_CHECKPOINTS = 'logapi.checkpoints';

export const canCheck = () => typeof crypto !== 'undefined' && crypto.subtle !== undefined;

/**
 * Checks an entry against a proof of it. Gives steps of { text, ok, detail }: it goes on until one is not right.
 * The key is the one that this browser has seen before, if there is one: a service that changes its key is found out.
 */
export async function checkEntry(entry, proof, vkey) {
  const steps = [];
  const step = (text, ok, detail = '') => {
    steps.push({ text, ok, detail });
    return ok;
  };
  try {
    const key = await readVerifierKey(vkey);
    const leaf = await leafOf(entry, proof.salt);
    if (!step('The entry as shown here gives the leaf that the log has of it', leaf === proof.leaf, leaf)) return steps;
    const hash = await hashLeaf(bytesOfText(leaf));
    step('The leaf’s hash was computed here', true, base64OfBytes(hash));
    const checkpoint = readCheckpoint(proof.checkpoint);
    const root = await rootOfInclusion(BigInt(proof.log_index), BigInt(proof.tree_size), hash, proof.hashes.map(bytesOfBase64));
    if (!step(`${proof.hashes.length} hashes lead from place ${proof.log_index} of ${proof.tree_size} to a root`, root !== null, root ? base64OfBytes(root) : '')) return steps;
    if (!step('That root is the one in the checkpoint', sameBytes(root, checkpoint.root) && checkpoint.size === BigInt(proof.tree_size), base64OfBytes(checkpoint.root))) return steps;
    if (!step(`The checkpoint names the log ${key.name}`, checkpoint.origin === key.name, checkpoint.origin)) return steps;
    step('The checkpoint is signed by the log’s key (Ed25519)', await isSignedBy(checkpoint, key), vkey);
    if (entry.seq !== undefined) step('The entry’s number is its place in the log', BigInt(entry.seq) === BigInt(proof.log_index), String(entry.seq));
  } catch (fault) {
    step(fault.name === 'NotSupportedError' ? 'This browser can’t check Ed25519 signatures' : fault.message, false);
  }
  return steps;
}

/**
 * Remembers the newest checkpoint of a log that this browser has checked, and holds each new one against it.
 * `fetchConsistency(from, to)` gives the service's proof. Gives { ok, text, checkpoint }.
 */
export async function followCheckpoint(note, vkey, fetchConsistency) {
  const key = await readVerifierKey(vkey);
  const checkpoint = readCheckpoint(note);
  if (checkpoint.origin !== key.name || !await isSignedBy(checkpoint, key)) {
    return { ok: false, text: 'The checkpoint that the service shows is not signed by the log’s key.', checkpoint };
  }
  const stored = readStored();
  const known = stored[key.name];
  if (known && known.vkey !== vkey) return { ok: false, text: 'The log’s key is another one than this browser has seen before.', checkpoint };
  if (known) {
    const before = readCheckpoint(known.note);
    if (checkpoint.size < before.size) {
      return { ok: false, text: `The log had ${before.size} entries when this browser last looked, and shows ${checkpoint.size} now: entries were cut off.`, checkpoint };
    }
    const proof = checkpoint.size === before.size || before.size === 0n ? [] : (await fetchConsistency(before.size, checkpoint.size)).hashes.map(bytesOfBase64);
    if (before.size > 0n && !await isConsistent(before.size, checkpoint.size, proof, before.root, checkpoint.root)) {
      return { ok: false, text: `The first ${before.size} entries are not the ones that this browser has seen: history was rewritten.`, checkpoint };
    }
  }
  stored[key.name] = { note, vkey };
  localStorage.setItem(STORED_CHECKPOINTS, JSON.stringify(stored));
  return {
    ok: true,
    text: known ? `The log grew from ${readCheckpoint(known.note).size} to ${checkpoint.size} entries, and nothing before was changed.` : 'This is the first checkpoint of this log that this browser has seen.',
    checkpoint,
  };
}

function readStored() {
  try {
    return JSON.parse(localStorage.getItem(STORED_CHECKPOINTS)) ?? {};
  } catch {
    return {};
  }
}
