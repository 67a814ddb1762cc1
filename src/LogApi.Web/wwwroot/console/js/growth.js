// Whether a log only grew between two of its checkpoints.

import { sameBytes } from './bytes.js';
import { isConsistent, readHash } from './merkle.js';

/**
 * Holds a signed checkpoint against an earlier one of the same log. `fetchConsistency(from, to)` asks the service for its proof. Gives
 * { verdict, title, words, hashes }, where verdict is
 * - `same`, `grown`: all is well;
 * - `older`: an earlier state of the same log, proven to be one;
 * - `contradiction`: both are signed and can't both be true;
 * - `refused`: the service gives no proof, though it shows the checkpoint.
 * Throws what `fetchConsistency` throws when it could not be asked.
 */
export async function judgeGrowth(before, now, fetchConsistency) {
  if (now.size === before.size) {
    return sameBytes(now.root, before.root)
      ? { verdict: 'same', title: 'Unchanged', words: `The log still has the ${now.size} entries that this browser has seen.`, hashes: [] }
      : contradiction('Another tree of the same size', `The service has signed two different logs of ${now.size} entries: the one that this browser has seen, and the one that it shows now.`);
  }
  const [smaller, larger] = now.size > before.size ? [before, now] : [now, before];
  const isOlder = now.size < before.size;
  // RFC 6962: every tree continues the empty one.
  if (smaller.size === 0n) {
    return isOlder ? refused('Entries are gone', shrunk(before, now)) : { verdict: 'grown', title: 'Grown', words: grown(before, now), hashes: [] };
  }
  let hashes;
  try {
    hashes = (await fetchConsistency(smaller.size, larger.size)).hashes;
  } catch (fault) {
    if (fault.code !== 'invalid_request' && fault.code !== 'tree_damaged') throw fault;
    return isOlder
      ? refused('Entries are gone', shrunk(before, now))
      : refused('Growth is not proven', `The service shows ${now.size} entries and does not prove that the first ${before.size} of them are the ones that this browser has seen. It says: ${fault.message}`);
  }
  if (!await isProven(smaller, larger, hashes)) {
    return contradiction('History was rewritten', isOlder
      ? `${shrunk(before, now)} What is shown now is not the beginning of what was shown then.`
      : `The service shows ${now.size} entries, and the first ${before.size} of them are not the ones that this browser has seen.`);
  }
  return isOlder
    ? { verdict: 'older', title: 'An older state', words: `The service shows an older state of the same log: ${now.size} entries, where this browser has seen ${before.size} before.`, hashes }
    : { verdict: 'grown', title: 'Grown', words: grown(before, now), hashes };
}

async function isProven(smaller, larger, hashes) {
  let proof;
  try {
    proof = hashes.map(readHash);
  } catch {
    return false;
  }
  return isConsistent(smaller.size, larger.size, proof, smaller.root, larger.root);
}

const grown = (before, now) => `The log grew from ${before.size} to ${now.size} entries, and none of the first ${before.size} was changed.`;

const shrunk = (before, now) => `The log had ${before.size} entries when this browser looked before, and has ${now.size} now.`;

const contradiction = (title, words) => ({ verdict: 'contradiction', title, words, hashes: [] });

const refused = (title, words) => ({ verdict: 'refused', title, words, hashes: [] });
