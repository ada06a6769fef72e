"""A file sealed with a passphrase, written and read in pieces: its key by scrypt (RFC 7914), each
piece by AES-256-GCM, joined so that none can be changed, moved, left out or cut off at the end
(the STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).

It begins with two lines anybody may read: what it is, and by what it was sealed.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from deskbook.config.refusals import CommandRefused

MAGIC = b"deskbook backup 1\n"
PIECE = 1 << 20
"""Bytes of a piece before it is sealed."""
_TAG = 16
_LONGEST_HEADER = 4096
_COST = {"n": 1 << 17, "r": 8, "p": 1}
_MOST = {"n": 1 << 20, "r": 32, "p": 4}
_MOST_MEMORY = 1 << 30
"""What a file may ask of us, in bytes (128 · n · r; RFC 7914, 2): it is read before anything in it
is believed.
"""


class NotOpened(CommandRefused):
    """The file is none of ours, cut off or changed, or the passphrase is another."""


def write_sealed(file: IO[bytes], passphrase: str, pieces: Iterable[bytes]) -> None:
    """Writes what the pieces hold, whatever their size."""
    said = {
        "kdf": "scrypt",
        **_COST,
        "salt": _text(os.urandom(16)),
        "cipher": "AES-256-GCM",
        "piece": PIECE,
        "nonce": _text(os.urandom(7)),
    }
    header = MAGIC + json.dumps(said).encode() + b"\n"
    file.write(header)
    sealing = _Stream(said, header, passphrase)
    held = b""
    for piece in _of_one_size(pieces):
        if held:
            file.write(sealing.seal(held, is_last=False))
        held = piece
    file.write(sealing.seal(held, is_last=True))


def read_sealed(path: Path, passphrase: str) -> Iterator[bytes]:
    """Yields what a sealed file holds, piece by piece, each proven before it is given. Raises
    NotOpened: also at the end, where that is missing.
    """
    with open(path, "rb") as file:
        header, said = _header(file, path)
        sealing = _Stream(said, header, passphrase)
        sealed = file.read(said["piece"] + _TAG)
        is_first = True
        while sealed:
            following = file.read(said["piece"] + _TAG)
            try:
                yield sealing.open(sealed, is_last=not following)
            except InvalidTag:
                raise NotOpened(_why(path, is_first=is_first)) from None
            sealed, is_first = following, False
        if is_first:
            raise NotOpened(_why(path, is_first=False))


def is_sealed(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _why(path: Path, *, is_first: bool) -> str:
    if is_first:
        return f"{path} does not open: the passphrase is another, or the file was changed or cut."
    return f"{path} was cut off or changed after it was written. Take another backup."


def _header(file: IO[bytes], path: Path) -> tuple[bytes, dict[str, Any]]:
    header = file.readline(_LONGEST_HEADER) + file.readline(_LONGEST_HEADER)
    try:
        said = json.loads(header.removeprefix(MAGIC))
        ours = (said["kdf"], said["cipher"], said["piece"]) == ("scrypt", "AES-256-GCM", PIECE)
        fits = header.startswith(MAGIC) and ours and _is_affordable(said)
        lengths = (len(b64decode(said["salt"])), len(b64decode(said["nonce"])))
    except (ValueError, KeyError, TypeError, RecursionError):
        fits, lengths = False, (0, 0)
    if not fits or lengths != (16, 7):
        raise NotOpened(
            f"{path} is no backup this version of Deskbook can read: its first two lines say none,"
            " or were changed."
        )
    return header, said


def _is_affordable(said: dict[str, Any]) -> bool:
    cost = {name: said[name] for name in _MOST}
    numbers = all(type(one) is int and 0 < one <= _MOST[name] for name, one in cost.items())
    n, r, _p = cost.values()
    return numbers and n > 1 and n & (n - 1) == 0 and 128 * n * r <= _MOST_MEMORY


class _Stream:
    """Numbers the pieces and marks the last, in what each is sealed with."""

    def __init__(self, said: dict[str, Any], header: bytes, passphrase: str) -> None:
        derived = Scrypt(b64decode(said["salt"]), 32, said["n"], said["r"], said["p"])
        self._cipher = AESGCM(derived.derive(passphrase.encode()))
        self._begins = b64decode(said["nonce"])
        self._header = header
        self._number = 0

    def seal(self, piece: bytes, *, is_last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(is_last=is_last), piece, self._header)

    def open(self, sealed: bytes, *, is_last: bool) -> bytes:
        return self._cipher.decrypt(self._nonce(is_last=is_last), sealed, self._header)

    def _nonce(self, *, is_last: bool) -> bytes:
        number = self._number.to_bytes(4, "big")
        self._number += 1
        return self._begins + number + bytes([is_last])


def _of_one_size(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def _text(some: bytes) -> str:
    return b64encode(some).decode()
