from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deskbook.channels.email.compose import Letter, compose, envelope_from
from deskbook.channels.email.mail import Address, Attachment
from deskbook.channels.email.parse import parse
from deskbook.channels.email.reply_text import new_text
from deskbook.channels.email.thread import thread_keys
from tests.channels.email.post import OURS, SIGNER

LETTER = Letter(
    kind="answer",
    ticket="SPR-1",
    message="77",
    from_name="SPARK help desk",
    to=(Address("Chitra", "chitra@customer.example"),),
    subject="Re: [SPR-1] Printer",
    text="Is it switched on?\n\nSee https://desk.example/a?b=1&c=2.",
    at=datetime(2026, 3, 2, 4, 28, tzinfo=UTC),
    answers="<m1@customer.example>",
)


def sent(**changes):
    return parse(compose(replace(LETTER, **changes), SIGNER).as_bytes())


def test_an_answer_to_our_mail_finds_its_ticket_three_ways():
    out = sent()
    reply = parse(
        f"From: chitra@customer.example\nTo: {out.reply_to[0].addr}\nIn-Reply-To:"
        f" {out.message_id}\nSubject: Re: {out.subject}\n\nyes\n".encode()
    )
    assert [(k.kind, k.value) for k in thread_keys(reply, SIGNER)] == [
        ("reply address", "spr-1"),
        ("our message", "spr-1"),
        ("subject token", "1"),
    ]


def test_references_end_with_our_own_id_and_keep_the_last_twenty():
    known = tuple(f"<{n}@{'long' * 30}.example>" for n in range(40))
    out = sent(references=known)
    assert out.references == (*known[-19:], "<m1@customer.example>", out.message_id)
    assert out.in_reply_to == "<m1@customer.example>"


def test_an_answer_of_a_person_is_not_marked_automatic():
    assert sent().header("Auto-Submitted") is None


@pytest.mark.parametrize(
    ("kind", "mark"), [("notice", "auto-generated"), ("acknowledgement", "auto-replied")]
)
def test_what_the_desk_sends_by_itself_says_so(kind, mark):
    out = sent(kind=kind)
    assert (out.header("Auto-Submitted"), out.header("X-Auto-Response-Suppress")) == (mark, "All")


def test_bounces_come_back_by_message_but_none_for_acknowledgements():
    assert SIGNER.read_bounce_address(envelope_from(LETTER, SIGNER)) == "77"
    assert envelope_from(replace(LETTER, kind="acknowledgement"), SIGNER) == ""


@pytest.mark.parametrize("language", ["en", "pt", "hi", "ml", "or"])
def test_our_mail_quoted_whole_leaves_only_the_answer(language):
    out = sent(language=language)
    assert new_text(f"Yes.\n\n{out.text}").new == "Yes."


def test_text_and_html_say_the_same_and_markup_in_the_text_is_only_text():
    out = sent(text="a <b> & c\n\n<script>x</script>")
    assert "a <b> & c" in out.text
    assert "a &lt;b&gt; &amp; c" in out.html
    assert "<script" not in out.html


def test_links_can_be_clicked_without_the_full_stop_after_them():
    assert 'href="https://desk.example/a?b=1&amp;c=2"' in sent().html


@pytest.mark.parametrize("field", ["subject", "from_name"])
def test_no_header_can_be_smuggled_in(field):
    out = sent(**{field: "x\r\nBcc: victim@x.example\r\n\r\nwords"})
    assert out.header("Bcc") is None


def test_attachments_arrive_byte_for_byte():
    files = (
        Attachment("relatório.csv", "text/csv", None, b"a;b\r\n1;2\n", False),
        Attachment("mail.eml", "message/rfc822", None, b"From: x\n\nhi", False),
    )
    out = sent(attachments=files)
    assert [(a.filename, a.content) for a in out.attachments] == [
        (a.filename, a.content) for a in files
    ]


def test_names_in_any_script_arrive():
    out = sent(to=(Address("ചിത്ര, ട്രഷറി", "chitra@customer.example"),), subject="പ്രിന്റർ " * 20)
    assert out.to[0].name == "ചിത്ര, ട്രഷറി"
    assert out.subject == ("പ്രിന്റർ " * 20).strip()


def test_an_address_outside_ascii_is_sent_to_in_the_form_of_its_domain_that_every_mail_server_takes():
    assert (
        sent(to=(Address("", "चित्रा@उदाहरण.भारत"),)).to[0].addr
        == "चित्रा@xn--p1b6ci4b4b3a.xn--h2brj9c"
    )
    assert sent(to=(Address("", "esther@faß.de"),)).to[0].addr == "esther@xn--fa-hia.de"


def test_a_mail_to_nobody_and_a_broken_address_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match="no recipient"):
        sent(to=())
    with pytest.raises(ValueError, match="not an address"):
        sent(to=(Address("", "chitra"),))


def test_our_own_answer_come_back_is_known_as_ours():
    from deskbook.channels.email.automatic import classify

    assert classify(sent(), ours=OURS).kind == "loop"
