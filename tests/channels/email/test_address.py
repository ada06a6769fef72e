import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deskbook.channels.email.address import OwnMessage, Signer
from tests.channels.email.post import SIGNER

ids = st.from_regex(r"[A-Za-z0-9-]{1,40}", fullmatch=True)


@given(ids, ids)
def test_what_is_signed_is_read_back_in_lower_case(ticket, message):
    assert SIGNER.read_reply_address(SIGNER.reply_address(ticket)) == ticket.lower()
    assert SIGNER.read_bounce_address(SIGNER.bounce_address(message)) == message.lower()
    assert SIGNER.read_message_id(SIGNER.message_id(ticket, message)) == OwnMessage(
        ticket.lower(), message.lower()
    )


@given(ids, ids)
def test_one_ticket_s_signature_opens_no_other(mine, other):
    assume(mine.lower() != other.lower())
    signature = SIGNER.reply_address(mine).partition("@")[0].rpartition(".")[2]
    assert SIGNER.read_reply_address(f"info+t.{other}.{signature}@desk.example") is None


def test_servers_may_fold_capitals():
    assert SIGNER.read_reply_address(SIGNER.reply_address("SPR-7").upper()) == "spr-7"


def test_a_bounce_signature_is_no_reply_signature():
    signature = SIGNER.bounce_address("7").partition("@")[0].rpartition(".")[2]
    assert SIGNER.read_reply_address(f"info+t.7.{signature}@desk.example") is None


@pytest.mark.parametrize(
    "address",
    [
        "info@desk.example",
        "info+t.7@desk.example",
        "info+t.7.abc@desk.example",
        "",
        "@",
        "info+t..@x",
        "a" * 9_999,
    ],
)
def test_what_is_not_ours_is_not_read(address):
    assert SIGNER.read_reply_address(address) is None
    assert SIGNER.read_bounce_address(address) is None
    assert SIGNER.read_message_id(f"<{address}>") is None


def test_another_desk_s_address_is_not_ours():
    other = Signer(SIGNER.secret, "other.example")
    assert SIGNER.read_reply_address(other.reply_address("7")) is None


def test_an_older_secret_still_reads_but_no_longer_signs():
    changed = Signer(b"new", "desk.example", older_secrets=(SIGNER.secret,))
    assert changed.read_reply_address(SIGNER.reply_address("7")) == "7"
    assert changed.reply_address("7") != SIGNER.reply_address("7")


def test_an_id_that_cannot_stand_in_an_address_is_refused():
    with pytest.raises(ValueError, match="letters, digits"):
        SIGNER.reply_address("a@b")


def test_the_last_subject_token_counts():
    assert SIGNER.subject_token(12) == "[SPR-12]"
    assert SIGNER.read_subject_token("Re: [spr-3] Fwd: [SPR-12] printer") == 12
    assert SIGNER.read_subject_token("Re: [OTHER-12] printer") is None


def test_a_local_part_fits_sixty_four_characters_with_a_uuid_in_it():
    uuid = "123e4567-e89b-12d3-a456-426614174000"
    assert len(SIGNER.reply_address(uuid).partition("@")[0]) <= 64
    assert len(SIGNER.bounce_address(uuid).partition("@")[0]) <= 64
