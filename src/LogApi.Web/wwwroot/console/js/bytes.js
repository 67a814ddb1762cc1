// Bytes and their texts.

const encoder = new TextEncoder();

export const bytesOfText = (text) => encoder.encode(text);

/** Reads standard base64, strictly: padded, no white space, no second spelling of the same bytes. */
export function bytesOfBase64(text) {
  if (typeof text !== 'string' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) throw new Error('This is not base64.');
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (base64OfBytes(bytes) !== text) throw new Error('This is not base64 in its one form.');
  return bytes;
}

export function base64OfBytes(bytes) {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export const hexOfBytes = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export const sameBytes = (a, b) => a.length === b.length && a.every((byte, index) => byte === b[index]);
