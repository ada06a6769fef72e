from deskbook.channels.email.thread import thread_keys
from tests.channels.email.post import SIGNER, mail


def candidates(headers):
    return [(key.kind, key.value) for key in thread_keys(mail(headers), SIGNER)]


def test_a_new_mail_has_no_candidate():
    assert candidates("") == []


def test_the_address_of_a_ticket_comes_before_ids_and_subject():
    headers = (
        f"Cc: {SIGNER.reply_address('SPR-1')}\nIn-Reply-To:"
        f" {SIGNER.message_id('SPR-2', '9')}\nReferences: <x@foreign>"
        f" {SIGNER.message_id('SPR-3', '4')} <y@foreign>\nSubject: Re: [SPR-4] printer"
    )
    assert candidates(headers) == [
        ("reply address", "spr-1"),
        ("our message", "spr-2"),
        ("our message", "spr-3"),
        ("foreign message", "<y@foreign>"),
        ("foreign message", "<x@foreign>"),
        ("subject token", "4"),
    ]


def test_the_address_is_found_where_a_server_delivered_it():
    assert candidates(f"X-Original-To: {SIGNER.reply_address('SPR-1')}") == [
        ("reply address", "spr-1")
    ]
    assert candidates(f"Delivered-To: {SIGNER.reply_address('SPR-1')}") == [
        ("reply address", "spr-1")
    ]


def test_a_forged_signature_is_no_candidate_for_its_ticket():
    assert candidates("To: info+t.spr-1.aaaaaaaaaaaaaaaa@desk.example") == []
    forged = SIGNER.message_id("SPR-1", "2").replace("spr-1", "spr-9")
    assert ("our message", "spr-9") not in candidates(f"In-Reply-To: {forged}")


def test_the_same_candidate_is_named_once_at_its_first_place():
    twice = SIGNER.message_id("SPR-1", "2")
    assert candidates(f"In-Reply-To: {twice}\nReferences: <x@foreign> {twice}") == [
        ("our message", "spr-1"),
        ("foreign message", "<x@foreign>"),
    ]


def test_every_candidate_says_why():
    (key,) = thread_keys(mail(f"To: {SIGNER.reply_address('SPR-1')}"), SIGNER)
    assert key.reason.startswith("It was sent to the ticket's own address info+t.spr-1.")


def test_a_bare_subject_never_threads():
    assert candidates("Subject: Re: Printer") == []
