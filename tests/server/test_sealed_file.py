"""What a backup holds is read by who has its passphrase, and as it was written or not at all."""

import io
import os

import pytest

from deskbook.server import sealed_file
from deskbook.server.sealed_file import (
    MAGIC,
    PIECE,
    NotOpened,
    is_sealed,
    read_sealed,
    write_sealed,
)

WORDS = "four words of mine"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """The key costs a processor half a second on purpose; here it is only to be another each
    time.
    """
    monkeypatch.setitem(sealed_file._COST, "n", 1 << 10)


@pytest.fixture
def sealed(tmp_path):
    def seal(content):
        written = io.BytesIO()
        write_sealed(
            written, WORDS, (content[at : at + 300_000] for at in range(0, len(content), 300_000))
        )
        file = tmp_path / "desk.backup"
        file.write_bytes(written.getvalue())
        return file

    return seal


def opened(file, words=WORDS):
    return b"".join(read_sealed(file, words))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_is_opened_as_it_was(sealed, size):
    content = os.urandom(size)
    file = sealed(content)
    assert is_sealed(file)
    assert opened(file) == content


def test_nothing_of_it_can_be_read_and_no_two_files_are_alike(sealed):
    first = sealed(b"Chitra wrote. " * 1000).read_bytes()
    assert b"Chitra" not in first
    assert sealed(b"Chitra wrote. " * 1000).read_bytes()[300:] != first[300:]


def test_another_passphrase_opens_nothing(sealed):
    with pytest.raises(NotOpened, match="the passphrase is another"):
        opened(sealed(b"words"), "four words of others")


@pytest.mark.parametrize("cut", [1, 16, 17, PIECE + 16, 2 * PIECE + 32])
def test_a_file_that_was_cut_off_is_refused_wherever_that_was(sealed, cut):
    file = sealed(os.urandom(3 * PIECE))
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.raises(NotOpened, match="cut"):
        opened(file)


def test_pieces_that_changed_places_are_refused(sealed):
    file = sealed(os.urandom(3 * PIECE))
    whole, length = file.read_bytes(), PIECE + 16
    begins = whole.index(b"\n", len(MAGIC)) + 1
    first, second = (whole[begins + n * length : begins + (n + 1) * length] for n in (0, 1))
    file.write_bytes(whole[:begins] + second + first + whole[begins + 2 * length :])
    with pytest.raises(NotOpened):
        opened(file)


@pytest.mark.parametrize("at", [30, 60, 130, 250, -1, -20])
def test_one_byte_that_was_changed_is_refused_with_a_sentence(sealed, at):
    file = sealed(b"words " * 100)
    changed = bytearray(file.read_bytes())
    changed[at] ^= 1
    file.write_bytes(changed)
    with pytest.raises(NotOpened, match=str(file)):
        opened(file)


@pytest.mark.parametrize(
    "asked",
    [
        b'"n": 1073741824, "r": 8, "p": 1',
        b'"n": 1048576, "r": 32, "p": 1',
        b'"n": 1000, "r": 8, "p": 1',
        b'"n": 1, "r": 8, "p": 1',
        b'"n": true, "r": 8, "p": 1',
        b'"n": 1024.0, "r": 8, "p": 1',
        b'"n": 1024, "r": 0, "p": 1',
        b'"n": 1024, "r": 8, "p": "1"',
        b'"n": ' + b"[" * 3_000,
    ],
)
def test_a_file_may_not_ask_for_all_the_memory_there_is_nor_for_what_is_no_cost(sealed, asked):
    file = sealed(b"words")
    file.write_bytes(file.read_bytes().replace(b'"n": 1024, "r": 8, "p": 1', asked))
    with pytest.raises(NotOpened, match="no backup this version"):
        opened(file)
