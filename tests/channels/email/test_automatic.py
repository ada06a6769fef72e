import pytest

from deskbook.channels.email.automatic import classify
from deskbook.people.refusals import in_words
from tests.channels.email.post import OURS, SIGNER, fixture, mail


def test_a_person_writing_to_the_desk_may_be_acknowledged():
    found = classify(mail(), ours=OURS)
    assert (found.kind, found.may_acknowledge) == ("person", True)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ("Auto-Submitted: auto-replied", "Auto-Submitted"),
        ("Auto-Submitted: auto-generated (vacation)", "Auto-Submitted"),
        ("X-Autoreply: yes", "X-Autoreply"),
        ("Precedence: bulk", "bulk"),
        ("Precedence: junk", "junk"),
        ("From: noreply@shop.example", "Nobody reads"),
        ("From: do-not-reply@shop.example", "Nobody reads"),
        ("From: staff-request@lists.example", "Nobody reads"),
        ("From: owner-staff@lists.example", "Nobody reads"),
        ("Subject: Out of Office: Printer", "subject"),
        ("Subject: =?utf-8?q?Resposta_autom=C3=A1tica=3A_x?=", "subject"),
        ("Subject: स्वचालित उत्तर: x", "subject"),
    ],
)
def test_a_machine_is_recognised_and_never_answered(headers, why):
    found = classify(mail(headers), ours=OURS)
    assert (found.kind, found.may_acknowledge) == ("automatic", False)
    assert why in in_words(found.reason)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ("Return-Path: <>", "null sender"),
        ("List-Id: <staff.customer.example>", "mailing list"),
        ("List-Unsubscribe: <mailto:x@y.example>", "mailing list"),
        ("Precedence: list", "mailing list"),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "asks for no automatic"),
        ("To: dev@customer.example", "not addressed"),
        ("X-Spam-Flag: YES", "spam"),
        ("X-Spam-Status: Yes, score=9.1", "spam"),
    ],
)
def test_a_person_is_heard_but_not_acknowledged(headers, why):
    found = classify(mail(headers), ours=OURS)
    assert (found.kind, found.may_acknowledge) == ("person", False)
    assert why in in_words(found.reason)


def test_who_writes_from_the_desks_own_domain_is_acknowledged_as_anybody():
    assert classify(mail("From: rita@desk.example"), ours=OURS).may_acknowledge


def test_a_null_envelope_sender_is_never_acknowledged():
    assert not classify(mail(), ours=OURS, envelope_from="").may_acknowledge


@pytest.mark.parametrize(
    "name", ["No-Thing@shop.example", "notary@law.example", "norep@x.example", "autumn@x.example"]
)
def test_a_person_with_an_odd_address_is_still_a_person(name):
    assert classify(mail(f"From: {name}"), ours=OURS).kind == "person"


@pytest.mark.parametrize(
    "to", ["INFO@Desk.Example", f"{SIGNER.reply_address('SPR-1')}", "info+anything@desk.example"]
)
def test_the_desk_knows_its_address_in_any_spelling(to):
    assert classify(mail(f"To: {to}"), ours=OURS).may_acknowledge


@pytest.mark.parametrize(
    "headers",
    [
        f"Message-ID: {SIGNER.message_id('SPR-1', '7')}",
        "From: Desk <info@desk.example>",
        f"From: {SIGNER.reply_address('SPR-1')}",
        "\n".join(
            f"Received: from s{n}.example by s{n + 1}.example; Mon, 2 Mar 2026 10:00:00 +0000"
            for n in range(51)
        ),
    ],
)
def test_our_own_mail_come_back_is_a_loop(headers):
    found = classify(mail(headers), ours=OURS)
    assert (found.kind, found.may_acknowledge) == ("loop", False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("read-receipt", "read receipt"),
        ("abuse-report", "abuse report"),
        ("vacation-exchange", "automatic"),
        ("vacation-pt-no-header", "automatic"),
        ("mailing-list", "person"),
        ("calendar-reply", "person"),
    ],
)
def test_reports_and_absences_are_told_apart(name, kind):
    assert classify(fixture(name), ours=OURS).kind == kind


def test_a_hard_bounce_says_who_why_and_which_message():
    bounce = classify(fixture("dsn-hard"), ours=OURS).bounce
    (recipient,) = bounce.recipients
    assert (recipient.address, recipient.action, recipient.status) == (
        "dev@elsewhere.example",
        "failed",
        "5.1.1",
    )
    assert recipient.hard and bounce.hard
    assert "User unknown" in recipient.diagnostic
    assert bounce.original_message_id == "<orig-7@desk.example>"


def test_a_report_on_two_recipients_keeps_them_apart():
    first, second = classify(fixture("dsn-delayed-two"), ours=OURS).bounce.recipients
    assert (first.action, first.hard) == ("delayed", False)
    assert (second.address, second.action, second.status, second.hard) == (
        "bala@elsewhere.example",
        "failed",
        "5.2.1",
        True,
    )


@pytest.mark.parametrize(
    ("name", "addresses", "hard"),
    [
        ("bounce-prose", ["dev@old.example"], True),
        ("bounce-exim", ["dev@old.example", "bala@old.example"], False),
    ],
)
def test_bounces_of_old_servers_are_read_from_their_words(name, addresses, hard):
    found = classify(fixture(name), ours=OURS)
    assert found.kind == "bounce"
    assert [r.address for r in found.bounce.recipients] == addresses
    assert found.bounce.hard is hard


def test_the_bounce_address_names_the_message_even_when_the_report_is_junk():
    found = classify(
        mail(f"To: {SIGNER.bounce_address('77')}\nSubject: ???", "\x01\x02 junk"), ours=OURS
    )
    assert (found.kind, found.bounce.addressed) == ("bounce", "77")


def test_a_bounce_address_nobody_signed_is_no_bounce():
    assert classify(mail("To: bounce+77.aaaaaaaaaaaaaaaa@desk.example"), ours=OURS).kind == "person"


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.example", "Chitra <chitra@customer.example>"])
def test_junk_from_the_null_sender_to_a_bounce_address_only_the_envelope_shows_is_a_bounce(sender):
    junk = mail(f"From: {sender}\nTo: undisclosed@elsewhere.example\nSubject: ???", "\x01\x02 junk")
    found = classify(junk, ours=OURS, envelope_from="", envelope_to=[SIGNER.bounce_address("77")])
    assert found.kind == "bounce"


def test_a_person_who_writes_to_a_bounce_address_is_still_heard():
    found = classify(
        mail(f"To: {SIGNER.bounce_address('77')}"),
        ours=OURS,
        envelope_from="chitra@customer.example",
    )
    assert found.kind == "person"


def test_a_note_of_absence_at_the_bounce_address_is_no_failed_delivery():
    away = mail(
        f"To: {SIGNER.bounce_address('77')}\nAuto-Submitted: auto-replied\nSubject: I am away"
    )
    assert classify(away, ours=OURS, envelope_from="").kind == "automatic"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("Return-Path: <>\nFrom: postmaster@mx.example", "bounce"),
        ("From: MAILER-DAEMON@mx.example", "bounce"),
        (
            (
                "From: Chitra <chitra@customer.example>\nSubject: Fwd: Undelivered Mail Returned to"
                " Sender"
            ),
            "person",
        ),
        ("From: Chitra <chitra@customer.example>", "person"),
    ],
)
@pytest.mark.parametrize("part", ["message/delivery-status", "message/disposition-notification"])
def test_a_report_below_the_top_of_a_mail_counts_only_when_a_mail_server_sent_it(
    headers, kind, part
):
    body = (
        f"--b\n\nSee below.\n--b\nContent-Type: {part}\n\nFinal-Recipient: rfc822;"
        " x@y.example\n\n--b--"
    )
    found = classify(
        mail(f"{headers}\nContent-Type: multipart/mixed; boundary=b", body), ours=OURS
    ).kind
    assert found == ("read receipt" if kind == "bounce" and "disposition" in part else kind)


def test_a_report_from_the_null_sender_that_only_the_envelope_shows_is_a_bounce():
    report = mail("From: Chitra <chitra@customer.example>\nSubject: Undeliverable: Printer")
    assert classify(report, ours=OURS, envelope_from="").kind == "bounce"
    assert classify(report, ours=OURS, envelope_from="chitra@customer.example").kind == "person"


@pytest.mark.parametrize(
    ("headers", "envelope"),
    [
        ("Reply-To: staff@lists.example\nList-Post: <mailto:staff@lists.example>", None),
        (f"Reply-To: {SIGNER.reply_address('SPR-1')}", None),
        (
            (
                "Reply-To: tiago@home.example\nReferences: <a@b.example>"
                f" {SIGNER.message_id('SPR-1', '7')}"
            ),
            None,
        ),
        (f"Reply-To: tiago@home.example\nReturn-Path: <{SIGNER.bounce_address('77')}>", None),
        ("Reply-To: tiago@home.example", SIGNER.bounce_address("77")),
    ],
)
def test_our_own_mail_come_back_with_another_id_is_a_loop_whoever_its_reply_goes_to(
    headers, envelope
):
    ours = mail(f"From: Desk <info@desk.example>\nMessage-ID: <rewritten@relay.example>\n{headers}")
    found = classify(ours, ours=OURS, envelope_from=envelope)
    assert (found.kind, found.may_acknowledge) == ("loop", False)


def test_a_form_that_writes_in_the_desk_s_name_is_heard_and_never_acknowledged():
    found = classify(
        mail("From: Desk <info@desk.example>\nReply-To: tiago@home.example"), ours=OURS
    )
    assert (found.kind, found.may_acknowledge) == ("person", False)
    assert "not proven" in in_words(found.reason)
