"""No mail costs more than its length: each step of reading is tried on input made to be slow, and
on twice as much.
"""

import pytest

from deskbook.channels.email import headers as fields
from deskbook.channels.email.addressees import named_in
from deskbook.channels.email.charset import decode
from deskbook.channels.email.flowed import unflow
from deskbook.channels.email.html import html_to_text, sanitise
from deskbook.channels.email.invitation import summary
from deskbook.channels.email.mail import Unparsable
from deskbook.channels.email.parse import parse
from deskbook.channels.email.reply_text import new_text
from tests.channels.email.post import mail
from tests.lengths import grows_too_fast

_LENGTH = 15_000
_TEXTS = [
    "--",
    "x\n--",
    "> ",
    "\n",
    "On 1 a@b, c wrote",
    "1 <a@b@",
    "a ",
    "From: a\nTo",
    "- ",
    "_",
    "<a@",
    "a: *",
]
_HTML = [
    *(
        "&",
        "&amp;",
        "& ",
        "<b></i>",
        "<div>",
        "<div></x>",
        "<p><b>",
        "<q></p>",
        "<optgroup>",
        "<a x='",
        "<a/x=",
        "<a ",
    ),
    *(
        "<b><p></b>",
        "<a><div></a>",
        "<table>x",
        "<table><b>",
        "<img alt='<img ' src=//x>",
        "<li>",
        "<td>",
        "<!--",
    ),
    *(
        "<svg><![CDATA[",
        "x<b>y</b>",
        "<blockquote>y<br>",
        "<a href=http://x>y</a>",
        "<pre>a\n",
        "<html a>",
        "</a ",
    ),
]
_VALUES = [
    'a=";',
    '"',
    ";",
    '\\"',
    "a*0=b;",
    "=?u?q?x",
    "?= ",
    "<a",
    "a@",
    "a@b,",
    "(",
    "<",
    '"a" ',
    "a;b:",
    "\\",
    "'",
]


def _times(piece: str):
    return lambda length: piece * (length // len(piece))


@pytest.mark.parametrize("piece", _TEXTS)
def test_telling_an_answer_from_what_it_quotes_costs_no_more_than_its_length(piece):
    assert not grows_too_fast(new_text, _times(f"{piece}\n"), _LENGTH // 3)
    assert not grows_too_fast(
        new_text, lambda length: "x" + _times(piece)(length) + "\x00", _LENGTH
    )


@pytest.mark.parametrize("piece", _HTML)
def test_cleaning_html_costs_no_more_than_its_length(piece):
    for work in (sanitise, html_to_text):
        assert not grows_too_fast(work, _times(piece), max(60_000, 6_000 * len(piece)))


@pytest.mark.parametrize("quote", ["", "'>'", '"a"'])
def test_a_tag_of_a_hundred_thousand_attributes_costs_no_more_than_its_length(quote):
    def tag(number):
        return "<a " + " ".join(f"a{n}={quote}" for n in range(number)) + ">words"

    assert not grows_too_fast(sanitise, tag, 25_000)
    assert "words" in html_to_text(tag(100_000))


@pytest.mark.parametrize("piece", _VALUES)
def test_reading_a_header_costs_no_more_than_its_length(piece):
    for work in (
        fields.words,
        fields.parameters,
        fields.message_ids,
        fields.instant,
        lambda v: named_in((v,)),
    ):
        assert not grows_too_fast(
            work, lambda length: 'a/b; a="x' + _times(piece)(length) + " <", _LENGTH
        )
        assert not grows_too_fast(work, _times(piece), _LENGTH)


@pytest.mark.parametrize("piece", ["junk\n", "x-a: b\njunk\n", "x", "X-\n"])
def test_finding_the_end_of_the_headers_costs_no_more_than_its_length(piece):
    def block(length):
        return b"From: a@b\n" + _times(piece)(length).encode() + b"\nMessage-ID: <a@b>\n\nwords"

    assert not grows_too_fast(fields.split, block, 100_000)


@pytest.mark.parametrize("piece", ["a \n", ">", "> a \n", "-- \n", " \n"])
def test_joining_flowed_lines_costs_no_more_than_its_length(piece):
    assert not grows_too_fast(lambda text: unflow(text, delsp=True), _times(piece), 6 * _LENGTH)


@pytest.mark.parametrize("piece", [";", ";a=b", ';a="b"', '"', "\n ", ";a=\\", "TZID="])
def test_reading_an_invitation_costs_no_more_than_its_length(piece):
    line = f"BEGIN:VEVENT\nDTSTART{piece}"
    assert not grows_too_fast(summary, lambda length: line + _times(piece)(length) + "\n", _LENGTH)
    assert not grows_too_fast(summary, _times(f"{line}\n"), _LENGTH)


@pytest.mark.parametrize(
    "charset", ["utf-7", "utf-8", "iso-2022-jp", "hz", "gb18030", "utf-16", "punycode", "idna"]
)
def test_decoding_costs_no_more_than_its_length(charset):
    for piece in (b"+AGE", b"\xff", b"\x1b$B", b"~{", b"a.", b"-"):
        assert not grows_too_fast(
            lambda c: decode(c, charset), lambda n, piece=piece: piece * (n // len(piece)), 50_000
        )


def _read(raw):
    try:
        parse(raw)
    except Unparsable:
        return


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a:\r\n",
            "To: a@b, c\r\n",
            "\r",
            "\n\n",
            "=?u?q?x",
            "Content-Type: a/b;\r\n",
            " \r\n",
            "--b\r\n",
            "--\r\n",
        ),
        *(
            "--b\r\nContent-Type: text/html\r\n\r\n<b>&\r\n",
            "--b\r\nContent-Type: text/calendar\r\n\r\nA;;;\r\n\r\n",
        ),
        *(
            "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
            "--b \t",
            "\nbegin 644 a\n#AAA\n",
            "A A=",
        ),
    ],
)
def test_reading_a_mail_costs_no_more_than_its_length(piece):
    for head in (
        "",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
        "Content-Transfer-Encoding: base64\r\n\r\n",
    ):
        raw = f"From: chitra@customer.example\r\n{head}".encode()
        assert not grows_too_fast(
            _read, lambda n, raw=raw: raw + piece.encode() * (n // len(piece)), 2 * _LENGTH
        )


def test_of_a_hundred_texts_in_one_mail_a_million_characters_are_shown_and_nothing_is_lost():
    part = "--b\r\nContent-Type: text/plain\r\n\r\n" + "words \r\n" * 5_000
    read = mail("Content-Type: multipart/mixed; boundary=b", part * 100 + "--b--\r\n")
    assert len(read.text) <= 1_000_000 + 2 * 100
    assert sum(len(file.content) for file in read.attachments) > 2_800_000
    assert len(read.defects) == 1


def test_a_text_cut_inside_a_character_is_still_read_in_its_charset():
    read = mail("Content-Type: text/plain; charset=utf-8", "x" + "ക" * 3_000_000)
    assert read.text.startswith("xക")
    assert "\ufffd" not in read.text


def test_a_number_of_a_list_that_no_list_has_does_not_stop_a_mail():
    assert "1. first" in html_to_text(f"<ol start={'9' * 5_000}><li>first</ol>")
