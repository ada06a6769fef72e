"""What colleagues read of a mail does not let them write in the name of who it was sent to."""

from base64 import encodebytes
from quopri import encodestring

import pytest

from deskbook.channels.email.blanked import blanked

ADDRESS = b"it+a.12.3.abcdefgh234567zz@harbour.example"
HIDDEN = b"it+a.12.3.****************@harbour.example"


@pytest.mark.parametrize("before", range(60, 76))
def test_the_signature_of_an_answer_address_is_blanked_however_the_mail_was_written(before):
    words = b"x" * before + b"+" + ADDRESS + b" wrote:\n> Still nothing.\n"
    hidden = words.replace(ADDRESS, HIDDEN)
    assert blanked(words) == hidden
    assert blanked(b"\n" + encodebytes(words) + b"\n--b--") == b"\n" + encodebytes(hidden) + b"\n--b--"
    assert blanked(encodestring(words)).replace(b"=\n", b"") == encodestring(hidden).replace(b"=\n", b"")


@pytest.mark.parametrize("words", [b"its own: it+t.12.abcdefgh234567zz@x.example", b"c+a.b.c.d", b"QUJD\nQUI=\n"])
def test_all_else_stands_as_it_came(words):
    assert blanked(words) == words
