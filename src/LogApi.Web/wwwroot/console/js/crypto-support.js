// Whether this browser can check a log at all.

// Of RFC 8032 §7.1, test 1: any valid key tells whether the algorithm is known.
const ANY_KEY = Uint8Array.of(
  0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
  0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a);

let found = null;

/** Says in words why this browser can't check; an empty text when it can. */
export function readObstacle() {
  found ??= findObstacle();
  return found;
}

async function findObstacle() {
  if (globalThis.crypto?.subtle === undefined) {
    return 'This browser gives no cryptography (WebCrypto) to a page that came over plain HTTP from another machine. Open the console over HTTPS, or on localhost, and it checks for itself.';
  }
  try {
    await crypto.subtle.importKey('raw', ANY_KEY, { name: 'Ed25519' }, false, ['verify']);
    return '';
  } catch {
    return 'This browser does not know Ed25519 signatures. Current versions of Chrome, Edge, Firefox and Safari do.';
  }
}
