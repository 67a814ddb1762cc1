// What this browser itself can check of an entry, step by step, with nothing of the service's but the entry, its proof and a key.

import { base64OfBytes, bytesOfText, hexOfBytes } from './bytes.js';
import { leafOf } from './entry-leaf.js';
import { hashLeaf, readHash, rootOfInclusion } from './merkle.js';
import { isSignedBy, readCheckpoint, readVerifierKey } from './note.js';

/**
 * Checks an entry against a proof (GET /api/v1/logs/{id}/proof) and the key that this browser trusts. Gives steps of
 * { title, words, isRight, facts }, facts being [name, value] pairs; the first step that is not right ends them.
 */
export async function checkEntry(entry, proof, vkey) {
  const steps = [];
  for (const [title, check] of CHECKS) {
    let step;
    try {
      step = await check(entry, proof, vkey);
    } catch (fault) {
      step = { words: fault.message, isRight: false, facts: [] };
    }
    steps.push({ title, ...step });
    if (!step.isRight) break;
  }
  return steps;
}

async function checkLeaf(entry, proof) {
  if (proof.salt === null && !entry.redacted) {
    return { words: 'The proof comes without the salt that the entry’s leaf was made with. Its content was erased in the meantime, or the salt is lost: open the entry again to see what is left of it.', isRight: false, facts: [] };
  }
  const { leaf, payload, commitment } = await leafOf(entry, proof.salt);
  const isRight = leaf === proof.leaf;
  const facts = [['Leaf made here', leaf], ...(isRight ? [] : [['Leaf in the proof', proof.leaf]])];
  if (entry.redacted) {
    return { words: isRight ? 'What is left of the redacted entry gives the leaf that stands in the log. What the entry said is gone and can’t be checked.' : 'What is left of the redacted entry does not give the leaf that stands in the log.', isRight, facts };
  }
  facts.unshift(['The entry as canonical JSON', payload], ['Salt', proof.salt], ['SHA-256 of both', commitment]);
  return { words: isRight ? 'Every field shown here went into a leaf that was made in this browser, and it is the leaf that stands in the log.' : 'The leaf made from the fields shown here is not the one that stands in the log: this is not what was logged.', isRight, facts };
}

function checkPlace(entry, proof) {
  const isRight = Number.isSafeInteger(entry.seq) && entry.seq === proof.log_index;
  return {
    words: isRight ? `The entry is number ${entry.seq}, and its leaf is at place ${proof.log_index} of the log.` : `The entry is shown as number ${entry.seq}, and the proof is for place ${proof.log_index}.`,
    isRight,
    facts: [['Number of the entry', String(entry.seq)], ['Place in the proof', String(proof.log_index)]],
  };
}

async function checkRoot(entry, proof) {
  const checkpoint = readCheckpoint(proof.checkpoint);
  const leaf = await hashLeaf(bytesOfText((await leafOf(entry, proof.salt)).leaf));
  const root = await rootOfInclusion(BigInt(proof.log_index), checkpoint.size, leaf, proof.hashes.map(readHash));
  const computed = root === null ? 'none: the proof does not have the length that this place needs' : base64OfBytes(root);
  const isRight = BigInt(proof.tree_size) === checkpoint.size && computed === checkpoint.rootText;
  const path = `the leaf’s hash and ${proof.hashes.length} ${proof.hashes.length === 1 ? 'hash' : 'hashes'} of its neighbours`;
  return {
    words: isRight ? `From ${path} this browser computed the root of a tree of ${checkpoint.size} entries, and it is the root in the checkpoint.` : `From ${path} this browser did not get to the root in the checkpoint of ${checkpoint.size} entries: the proof does not belong to this entry, this place or this checkpoint.`,
    isRight,
    facts: [
      ['Hash of the leaf', base64OfBytes(leaf)],
      ...proof.hashes.map((hash, index) => [`Hash ${index + 1} of the proof`, hash]),
      ['Root computed here', computed],
      ['Root in the checkpoint', checkpoint.rootText],
      ['Entries in the proof', String(proof.tree_size)],
      ['Entries in the checkpoint', String(checkpoint.size)],
    ],
  };
}

async function checkSignature(entry, proof, vkey) {
  const key = await readVerifierKey(vkey);
  const checkpoint = readCheckpoint(proof.checkpoint);
  const isRight = await isSignedBy(checkpoint, key);
  return {
    words: isRight ? `The checkpoint is signed (Ed25519) with the key of ${key.name} that this browser trusts.` : `The checkpoint is not signed with the key of ${key.name} that this browser trusts.`,
    isRight,
    facts: [['Checkpoint', proof.checkpoint], ['Trusted key', vkey], ['Id of the key', hexOfBytes(key.id)]],
  };
}

const CHECKS = [
  ['The entry gives its leaf', checkLeaf],
  ['Its number is its place in the log', checkPlace],
  ['The leaf is in the tree', checkRoot],
  ['The checkpoint is signed by the log', checkSignature],
];
