#!/usr/bin/env python3
"""Reads a log by its open formats alone (C2SP signed-note, tlog-checkpoint, tlog-tiles; RFC 6962) and checks all of it.

    python3 read_log.py BASE_ADDRESS VKEY [EXPORT]

Downloads the checkpoint, every tile and every entry bundle, computes the root from the leaves, and holds each tile against the
one below it. With EXPORT, an NDJSON export with proofs, also holds each of its entries against its leaf. Needs nothing but Python;
with the package `cryptography` it checks the signature too, and says so.
"""

import base64
import gzip
import hashlib
import json
import struct
import sys
import urllib.request


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def fetch(address):
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
        return gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body


def tile_path(index, width):
    path = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        path = f"x{index % 1000:03}/{path}"
    return path if width == 256 else f"{path}.p/{width}"


def tiles_of(size, level):
    """Gives the number and width of each tile of a level."""
    hashes = size >> (8 * level)
    return [(n, min(256, hashes - 256 * n)) for n in range((hashes + 255) // 256)]


def root_of(hashes):
    """RFC 6962, section 2.1, over hashes of leaves or of complete subtrees."""
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1", root_of(hashes[:split]), root_of(hashes[split:]))


def read_checkpoint(note, vkey):
    """Gives size and root of a signed checkpoint, and whether its signature could be checked."""
    name, key_id, key = vkey.split("+", 2)
    key = base64.b64decode(key, validate=True)
    assert key[0] == 1 and len(key) == 33, "the key is not Ed25519"
    assert sha256(name.encode(), b"\n", key)[:4].hex() == key_id, "the key's id is not that of the key"
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    assert origin == name, f"the checkpoint is of {origin}"
    mark, signer, value = signatures.split("\n")[0].split(" ")
    value = base64.b64decode(value, validate=True)
    assert (mark, signer, value[:4].hex()) == ("\u2014", name, key_id), "the checkpoint is signed by another key"
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return int(size), base64.b64decode(root), False
    Ed25519PublicKey.from_public_bytes(key[1:]).verify(value[4:], text.encode())
    return int(size), base64.b64decode(root), True


def read_leaves(base, size):
    for number, width in tiles_of(size, 0):
        bundle, at = fetch(f"{base}/tile/entries/{tile_path(number, width)}"), 0
        for _ in range(width):
            (length,) = struct.unpack_from(">H", bundle, at)
            yield bundle[at + 2 : at + 2 + length]
            at += 2 + length
        assert at == len(bundle), f"bundle {number} has more than its leaves"


def leaf_of(entry):
    """What the tree holds of an entry: a commitment to its salt and its canonical JSON (RFC 8785)."""
    if entry.get("redacted"):
        commitment = entry["commitment"]
    else:
        names = ("attributes", "hash", "id", "occurred_at", "query", "status", "timestamp", "user_id")
        payload = {name: entry[name] for name in names if name in entry}
        # By UTF-16 units, as RFC 8785 has it.
        if "attributes" in payload:
            payload["attributes"] = dict(sorted(payload["attributes"].items(), key=lambda pair: pair[0].encode("utf-16-be")))
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        commitment = base64.b64encode(sha256(base64.b64decode(entry["salt"]), text.encode())).decode()
    return f"logapi/v1\n{entry['id']}\n{entry['timestamp']}\n{commitment}\n".encode()


def main(base, vkey, export=None):
    note = fetch(f"{base}/checkpoint").decode()
    size, root, is_checked = read_checkpoint(note, vkey)
    leaves = list(read_leaves(base, size))
    hashes = [sha256(b"\0", leaf) for leaf in leaves]
    assert root_of(hashes) == root, "the leaves do not make the root of the checkpoint"

    tiles, level = 0, 0
    below = hashes
    while below:
        for number, width in tiles_of(size, level):
            tile = fetch(f"{base}/tile/{level}/{tile_path(number, width)}")
            assert tile == b"".join(below[256 * number : 256 * number + width]), f"tile {level}/{number} is not of this tree"
            tiles += 1
        below = [root_of(below[i : i + 256]) for i in range(0, len(below) - 255, 256)]
        level += 1

    entries = 0
    for line in open(export, encoding="utf-8") if export else ():
        entry = json.loads(line)
        if "type" in entry:
            continue
        assert leaf_of(entry) == leaves[entry["log_index"]], f"entry {entry['log_index']} is not what was logged"
        entries += 1
    print(json.dumps({"size": size, "tiles": tiles, "entries": entries, "signature_checked": is_checked}))


if __name__ == "__main__":
    main(*sys.argv[1:])
