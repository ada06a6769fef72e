"""A winmail.dat is opened; one that is broken, or made to cost too much, stays a file and takes
nothing with it.
"""

import base64
from struct import pack

import pytest

from deskbook.channels.email import winmail
from deskbook.channels.email.parse import parse, read_apart
from deskbook.people.refusals import in_words

BODY, PROPERTIES, BEGINS, TITLE, DATA, OF_FILE = 0x8C00, 0x9003, 0x9002, 0x8010, 0x800F, 0x9005
WORDS = "From: chitra@customer.example\nTo: it@harbour.example\nMessage-ID: <w@customer.example>\n"
DATED = (
    f"{WORDS}Date: Mon, 2 Mar 2026 10:15:42 +0530\nContent-Type: multipart/mixed; boundary=b\n\n"
)


def piece(level, name, data):
    return pack("<BHHI", level, name, 6, len(data)) + data + pack("<H", sum(data) & 0xFFFF)


def wrapped(*pieces):
    return pack("<IH", 0x223E9F78, 1) + b"".join(pieces)


def a_file(title, data):
    return piece(2, BEGINS, bytes(14)) + piece(2, TITLE, title + b"\0") + piece(2, DATA, data)


def properties(*found):
    """MAPI properties of type Unicode string (0x1F) or binary (0x102), each with one value."""
    told = pack("<I", len(found))
    for name, value in found:
        data = value.encode("utf-16-le") + b"\0\0" if isinstance(value, str) else value
        kind = 0x1F if isinstance(value, str) else 0x102
        told += pack("<HHII", kind, name, 1, len(data)) + data + bytes(-len(data) % 4)
    return told


def mailed(content, words="See below.", kind='application/ms-tnef; name="winmail.dat"'):
    coded = base64.encodebytes(content).decode()
    plain = f"--b\n\n{words}\n" if words else ""
    part = f"--b\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{coded}\n"
    return f"{DATED}{plain}{part}--b--\n".encode()


def files(read):
    return [(one.filename, one.content) for one in read.attachments]


def test_the_files_are_files_of_the_mail_and_its_own_words_stay():
    read = parse(
        mailed(
            wrapped(
                piece(1, 0x800C, b"Other words"), a_file(b"a.txt", b"one"), a_file(b"b.png", b"two")
            )
        )
    )
    assert (read.text, files(read), read.defects) == (
        "See below.",
        [("a.txt", b"one"), ("b.png", b"two")],
        (),
    )


def test_a_part_that_says_of_itself_nothing_but_the_name_is_opened_too():
    read = parse(
        mailed(wrapped(a_file(b"a.txt", b"one")), kind="application/octet-stream; name=WINMAIL.DAT")
    )
    assert files(read) == [("a.txt", b"one")]


def test_a_long_name_in_any_letters_and_a_picture_of_the_html_are_known():
    more = properties((0x3707, "பொருள்.png"), (0x3712, "logo@x"))
    html = properties((0x1013, b'<p>Look <img src="cid:logo@x"></p>'))
    pieces = (piece(1, PROPERTIES, html), a_file(b"LONGNA~1.PNG", b"PNG") + piece(2, OF_FILE, more))
    read = parse(mailed(wrapped(*pieces), words=""))
    assert [(one.filename, one.inline) for one in read.attachments] == [("பொருள்.png", True)]
    assert "Look" in read.text


def test_a_name_in_old_letters_is_no_reason_to_keep_it_closed():
    assert files(parse(mailed(wrapped(a_file("Größe.txt".encode("cp1252"), b"one"))))) == [
        ("Größe.txt", b"one")
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not at all", "is none of Outlook's"),
        (wrapped(a_file(b"a.txt", b"one"))[:-10], "is cut off"),
        (wrapped(piece(2, DATA, b"of no file")), "is broken"),
        (wrapped(), "has nothing in it"),
        (
            wrapped(*[piece(1, 0x8008, b"")] * (winmail.MOST_OBJECTS + 1)),
            "has more than 2,000 pieces",
        ),
    ],
)
def test_one_that_cannot_be_read_is_kept_as_it_came_and_the_mail_says_so(content, why):
    read = parse(mailed(content))
    assert (read.text, files(read)) == ("See below.", [("winmail.dat", content)])
    [defect] = read.defects
    assert why in in_words(defect)
    assert in_words(defect).endswith("it is kept as a file.")


def test_beside_the_files_the_whole_is_kept_where_another_message_is_inside():
    inner = bytes.fromhex("0703020000000000c000000000000046") + wrapped(piece(1, 0x800C, b"Inner"))
    message = a_file(b"x", b"") + piece(2, OF_FILE, properties((0x3701, inner)))
    read = parse(mailed(wrapped(a_file(b"a.txt", b"one"), message)))
    assert [name for name, _ in files(read)] == ["a.txt", "winmail.dat"]


def test_one_made_to_keep_its_reader_busy_costs_the_mail_its_files_and_nothing_more():
    # Four thousand million numbers, none of them there.
    endless = pack("<IHHI", 1, 0x1002, 0x1234, 0xFFFFFFFF)
    content = wrapped(piece(1, PROPERTIES, endless))
    read = read_apart(mailed(content))
    assert (read.text, files(read)) == ("See below.", [("winmail.dat", content)])
    assert "takes more than any mail needs" in in_words(read.defects[0])
