"""The file somebody gives: one file, a folder of several, or a zip file of them."""

import codecs
import io
import mimetypes
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, TextIO, TypeVar

from deskbook.refusals.refusal import Refusal, Refused

MOST_UNPACKED = 20_000_000_000
MOST_PARTS = 300_000
MOST_TIMES = 200
"""How many times larger than packed a part, or all of them, may be that are more than LARGE."""
LARGE = 100_000_000
MOST_OF_A_FILE = 50_000_000
"""Bytes of a file that came with a message."""
MOST_OF_A_LINE = 30_000_000
"""Characters of a line of text, and of the lines of a record together."""
_PIECE = 1_000_000
T = TypeVar("T")


class MovingRefused(Refused):
    """What a desk had elsewhere cannot be taken in as it stands. The sentence says why."""


class Parts(Protocol):
    """Files by their names, "/" between folders."""

    def names(self) -> list[str]: ...
    def size(self, name: str) -> int: ...
    def open(self, name: str) -> IO[bytes]: ...


class _Folder:
    def __init__(self, root: Path, only: str = "") -> None:
        self.root, self.only = root.resolve(), only

    def names(self) -> list[str]:
        if self.only:
            return [self.only]
        found = (path for path in self.root.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def size(self, name: str) -> int:
        return self._path(name).stat().st_size

    def open(self, name: str) -> IO[bytes]:
        return self._path(name).open("rb")

    def _path(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if self.only and name != self.only:  # whoever gives one file gives nothing beside it
            raise KeyError(name)
        if not path.is_relative_to(self.root) or not path.is_file():
            raise KeyError(name)
        return path


class _Packed:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.packed = packed
        self.by_name = {one.filename: one for one in packed.infolist() if not one.is_dir()}

    def names(self) -> list[str]:
        return sorted(self.by_name)

    def size(self, name: str) -> int:
        return self.by_name[name].file_size

    def open(self, name: str) -> IO[bytes]:
        return self.packed.open(self.by_name[name])


@contextmanager
def opened(path: Path) -> Iterator[Parts]:
    """Gives what lies at a path. Raises MovingRefused for what unpacks to more than any export."""
    if path.is_dir():
        yield _Folder(path)
    elif zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as packed:
                _refuse_bombs(packed)
                yield _Packed(packed)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as wrong:
            raise MovingRefused("moving: zip", why=str(wrong)[:200]) from wrong
    else:
        yield _Folder(path.parent, path.name)


def _refuse_bombs(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    sizes = [(one.file_size, one.compress_size) for one in parts]
    together = (sum(size for size, _ in sizes), sum(packed for _, packed in sizes))
    swollen = any(
        size > LARGE and size > MOST_TIMES * max(packed, 1) for size, packed in [*sizes, together]
    )
    if swollen or len(parts) > MOST_PARTS or together[0] > MOST_UNPACKED:
        raise MovingRefused("moving: bomb")


def text_in(parts: Parts, name: str) -> TextIO:
    """Returns a part as text, whatever it is encoded in: UTF-8 and UTF-16 with their marks, UTF-8
    without, else Windows-1252.
    """
    return io.TextIOWrapper(parts.open(name), _encoding(parts, name), "replace", newline="")


def lines_in(text: TextIO, name: str) -> Iterator[str]:
    """Yields the lines of a part, with their ends. Raises MovingRefused for one that is longer than
    MOST_OF_A_LINE, before more of it is in memory.
    """
    number = 0
    while line := text.readline(MOST_OF_A_LINE + 1):
        number += 1
        refuse_endless(len(line), name, number)
        yield line


def refuse_endless(size: int, name: str, number: int) -> None:
    """Raises MovingRefused where what begins in a line is larger than MOST_OF_A_LINE."""
    if size > MOST_OF_A_LINE:
        raise MovingRefused("moving: endless line", name=name, number=str(number))


def placed(found: Iterable[tuple[int, T]], name: str) -> Iterator[tuple[str, T]]:
    """Yields what was found in a part with its place instead of its line; where several stand in
    one line, as which of the part.
    """
    before = 0
    for number, (line, one) in enumerate(found, 1):
        yield f"{name}, {f'record {number}' if line == before else f'line {line}'}", one
        before = line


def _encoding(parts: Parts, name: str) -> str:
    with parts.open(name) as file:
        first = file.read(4)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        piece = first
        try:
            while piece:
                decoder.decode(piece)
                piece = file.read(_PIECE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def bytes_of(parts: Parts, lies_at: tuple[str, ...]) -> bytes | None:
    """Returns the bytes of the first of these names that there is; None where none is, or it is
    larger than MOST_OF_A_FILE.
    """
    name = _found(parts, lies_at)
    if not name or parts.size(name) > MOST_OF_A_FILE:
        return None
    with parts.open(name) as file:
        return file.read()


def why_absent(parts: Parts, called: str, lies_at: tuple[str, ...]) -> Refusal | None:
    """Returns why a file cannot come that is called so; None where it can."""
    name = _found(parts, lies_at)
    if not name:
        return Refusal("moving: file absent", name=called[:200])
    if parts.size(name) > MOST_OF_A_FILE:
        most = MOST_OF_A_FILE // 1_000_000
        return Refusal("moving: file large", name=called[:200], most=most)
    return None


def _found(parts: Parts, lies_at: tuple[str, ...]) -> str:
    """Returns the first of these names that a part has; "" where none has."""
    for name in lies_at:
        with suppress(KeyError, OSError, ValueError):  # or no name of a file at all
            parts.size(name)
            return name
    return ""


def type_of(name: str) -> str:
    """Returns the content type a file's name says."""
    return mimetypes.guess_type(PurePosixPath(name).name)[0] or "application/octet-stream"


def outermost(parts: Parts, *endings: str) -> list[str]:
    """Returns the parts that are lists: of those that end so, the ones in no folder that others are
    not in; below lie the files of messages. A file alone is one, whatever it is called.
    """
    names = parts.names()
    found = [name for name in names if name.lower().endswith(endings)]
    least = min((name.count("/") for name in found), default=0)
    return [name for name in found if name.count("/") == least] or names[:1]
