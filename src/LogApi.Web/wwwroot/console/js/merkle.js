// RFC 6962 hashing and the proof checks of RFC 9162 §2.1.3.2 and §2.1.4.2, with WebCrypto alone.
// Indexes and sizes are BigInt: they may be larger than 2^53.

import { bytesOfBase64, concat, sameBytes } from './bytes.js';

export const HASH_LENGTH = 32;

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

export const hashLeaf = (data) => sha256(concat(Uint8Array.of(0), data));

export const hashNode = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

/** Reads a hash in base64. */
export function readHash(text) {
  const hash = bytesOfBase64(text);
  if (hash.length !== HASH_LENGTH) throw new Error('This is not a SHA-256 hash.');
  return hash;
}

/** Gives the root that an inclusion proof leads to; null when the proof has the wrong length for the place. */
export async function rootOfInclusion(index, size, leafHash, proof) {
  if (index < 0n || index >= size) return null;
  let fn = index;
  let sn = size - 1n;
  let hash = leafHash;
  for (const sibling of proof) {
    if (sn === 0n) return null;
    if ((fn & 1n) === 1n || fn === sn) {
      hash = await hashNode(sibling, hash);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      hash = await hashNode(hash, sibling);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n ? hash : null;
}

/** Whether the proof shows that the tree of the new root begins with the whole tree of the old one. */
export async function isConsistent(oldSize, newSize, proof, oldRoot, newRoot) {
  if (oldSize < 1n || oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && sameBytes(oldRoot, newRoot);
  if (proof.length === 0) return false;
  const isPowerOfTwo = (oldSize & (oldSize - 1n)) === 0n;
  const path = isPowerOfTwo ? [oldRoot, ...proof] : proof;
  let fn = oldSize - 1n;
  let sn = newSize - 1n;
  while ((fn & 1n) === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let fromOld = path[0];
  let fromNew = path[0];
  for (const hash of path.slice(1)) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      fromOld = await hashNode(hash, fromOld);
      fromNew = await hashNode(hash, fromNew);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      fromNew = await hashNode(fromNew, hash);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && sameBytes(fromOld, oldRoot) && sameBytes(fromNew, newRoot);
}
