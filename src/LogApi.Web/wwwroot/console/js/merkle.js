// RFC 6962 hashing and the proof checks of RFC 9162 §2.1.3.2 and §2.1.4.2, with WebCrypto alone.
// Indexes and sizes are BigInt: they may be larger than 2^53.

const encoder = new TextEncoder();

export const bytesOfText = (text) => encoder.encode(text);

/** Reads standard base64, strictly: padded, no white space, no other spelling of the same bytes. */
export function bytesOfBase64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) throw new Error('This is not base64.');
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (base64OfBytes(bytes) !== text) throw new Error('This is not base64 in its one form.');
  return bytes;
}

export function base64OfBytes(bytes) {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

export const hashLeaf = (data) => sha256(concat(Uint8Array.of(0), data));

export const hashNode = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

export const sameBytes = (a, b) => a.length === b.length && a.every((byte, index) => byte === b[index]);

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
