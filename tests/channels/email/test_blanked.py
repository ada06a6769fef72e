"""What colleagues read of a mail does not let them write in the name of who it was sent to."""

from base64 import b64encode, encodebytes
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
    assert (
        blanked(b"\n" + encodebytes(words) + b"\n--b--") == b"\n" + encodebytes(hidden) + b"\n--b--"
    )
    assert blanked(encodestring(words)).replace(b"=\n", b"") == encodestring(hidden).replace(
        b"=\n", b""
    )


@pytest.mark.parametrize("length", [998, 999, 100_000])
def test_the_signature_is_blanked_in_base64_on_one_line_however_long_it_is(length):
    words = b"x" * (length // 4 * 3) + ADDRESS + b"!"
    assert (
        blanked(b"\n" + b64encode(words) + b"\n")
        == b"\n" + b64encode(words.replace(ADDRESS, HIDDEN)) + b"\n"
    )


@pytest.mark.parametrize(
    "address",
    [
        "it&#43;a&#46;12&#46;3&#46;abcdefgh234567zz@",
        "it&#x2B;a&#x2e;12&period;3.abcdefgh234567zz@",
        "it&plus;a.1&#0000050;.3.abcdefgh234567zz@",
        "it&#43;&#97;.12.3.&#97;bcdefgh23456&#55;zz@",
        "it=26#43;a=26#46;12.3.abcdefg=\n=68234567zz@",
        "it%2Ba%2E12%2E3%2Eabcdefgh23456%37zz@",
    ],
)
def test_the_signature_is_blanked_however_html_writes_it(address):
    said = blanked(f"<p>{address}x.example</p>".encode()).decode()
    assert len(said) == len(f"<p>{address}x.example</p>")
    assert not [piece for piece in ("abcdef", "bcdefgh", "234567", "23456", "zz") if piece in said]


def test_the_signature_is_blanked_in_text_of_two_bytes_a_sign():
    wide = (b"Write to " + ADDRESS).decode()
    assert blanked(encodebytes(wide.encode("utf-16"))) == encodebytes(
        wide.replace("abcdefgh234567zz", "*" * 16).encode("utf-16")
    )


@pytest.mark.parametrize(
    "words", [b"its own: it+t.12.abcdefgh234567zz@x.example", b"c+a.b.c.d", b"QUJD\nQUI=\n"]
)
def test_all_else_stands_as_it_came(words):
    assert blanked(words) == words
