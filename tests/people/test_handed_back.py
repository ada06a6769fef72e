"""What a process hands back that a hostile file may have taken over: plain values, or nothing."""

import io
import json
import os
import pickle
import struct

import pytest

from deskbook.channels.email.mail import Address, Unparsable
from deskbook.channels.email.parse import parse
from deskbook.channels.email.reply_text import ReplyText, new_text
from deskbook.people.apart import Over, done_apart
from deskbook.people.handed_back import Strange, read_answer, write_answer, write_failure

MOST = 10_000


def answered(told, *parts, work=new_text):
    head = json.dumps(told).encode()
    return read_answer(
        work, io.BytesIO(struct.pack(">Q", len(head)) + head + b"".join(parts)), MOST
    )


def reply(new, quoted):
    return {"class": "ReplyText", "fields": [new, quoted]}


def there_and_back(work, value):
    kept = io.BytesIO()
    write_answer(value, kept)
    kept.seek(0)
    return read_answer(work, kept, 100_000_000)


def test_a_mail_comes_back_as_it_was_read_with_its_files_and_its_odd_characters():
    raw = (
        'From: "Ch\u00edtra" <chitra@customer.example>\nTo: it@harbour.example\n'
        "Date: Mon, 2 Mar 2026 10:15:42 +0530\nSubject: x\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        + "\u0d24\u0d41\u0d15 "
        * 2_000
        + "\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment;"
        " filename=a.pdf\n\n%PDF\0\n--b--\n"
    ).encode()
    mail = parse(raw, "")
    assert len(mail.text) > 5_000
    assert mail.attachments
    assert mail.date is not None
    assert there_and_back(parse, mail) == mail == done_apart(parse, raw, "")


def test_what_no_text_may_hold_comes_back_too():
    odd = ReplyText("a\udc80\0", "b\udc80" * 1_000)
    assert there_and_back(new_text, odd) == odd


class Hostile:
    def __reduce__(self):
        return (os.system, ("touch /tmp/hostile",))


@pytest.mark.parametrize(
    "told",
    [
        {"answer": {"class": "Address", "fields": ["a", "b"]}, "parts": []},
        {"answer": {"class": "system", "fields": ["true"]}, "parts": []},
        {"answer": reply("a", 1), "parts": []},
        {"answer": reply("a", {"list": []}), "parts": []},
        {"answer": reply("a", {"bytes": 0}), "parts": [1]},
        {"answer": reply("a", {"text": -1}), "parts": [1]},
        {"answer": {"class": "ReplyText", "fields": ["a"]}, "parts": []},
        {"answer": {"class": "ReplyText", "fields": ["a", "b", "c"]}, "parts": []},
        {"answer": "a", "parts": []},
        {"answer": None, "parts": []},
        {"answer": {"datetime": "never"}, "parts": []},
        {"answer": None, "parts": [-1]},
        {"answer": None, "parts": [MOST, MOST]},
        {"answer": None},
        ["answer"],
        7,
    ],
)
def test_nothing_but_what_the_work_returns_is_taken_for_an_answer(told):
    with pytest.raises(Strange):
        answered(told, b"x")


def test_neither_a_pickle_nor_depth_nor_a_length_without_end_does_anything():
    for said in (
        pickle.dumps(Hostile()),
        struct.pack(">Q", 2**60),
        struct.pack(">Q", 9_000) + b"[" * 9_000,
    ):
        with pytest.raises((Strange, EOFError)):
            read_answer(new_text, io.BytesIO(said), MOST)


def test_small_values_without_end_are_not_read_however_much_may_be_handed_back():
    said = b'{"answer": "' + b"a" * 5_000_000 + b'", "parts": []}'
    with pytest.raises(Strange):
        read_answer(str, io.BytesIO(struct.pack(">Q", len(said)) + said), 200_000_000)


def test_an_answer_that_breaks_off_is_none():
    head = struct.pack(">Q", 100)
    for said in (b"", head[:3], head, head + b"{"):
        with pytest.raises(EOFError):
            read_answer(new_text, io.BytesIO(said), MOST)


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Unparsable("It is empty."), (Unparsable, "It is empty.")),
        (KeyError("x"), (KeyError, "\"'x'\"")),
        (
            UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"),
            (RuntimeError, "UnicodeDecodeError: 'utf-8' codec"),
        ),
        (Address, (RuntimeError, "Address")),
    ],
)
def test_an_error_comes_back_with_its_words_as_itself_where_the_work_knows_it(failure, told):
    kept = io.BytesIO()
    write_failure(
        failure if isinstance(failure, Exception) else type("Address", (Exception,), {})(), kept
    )
    kept.seek(0)
    raised = read_answer(parse, kept, MOST)
    assert type(raised) is told[0]
    assert str(raised).startswith(told[1])


def test_what_ends_the_process_cannot_be_said_by_it():
    said = answered({"failed": "SystemExit", "words": "", "parts": []})
    assert type(said) is RuntimeError
    assert "SystemExit" in str(said)


def test_work_that_answers_what_has_no_plain_form_is_told_so():
    with pytest.raises((Over, RuntimeError)):
        done_apart(object)
