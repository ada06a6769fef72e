"""Who wrote a mail that a robot, a list or the desk itself sent, and who is never made of a
Reply-To.
"""

import pytest

from deskbook.channels.email.writer import writer_of
from tests.channels.email.post import OURS, SIGNER, mail

LIST = "List-Id: Staff <staff.lists.example>"


def writer(headers):
    found = writer_of(mail(headers), OURS)
    return found.address.addr, bool(found.claimed)


@pytest.mark.parametrize(
    "headers",
    [
        "From: noreply@website.example\nReply-To: Tiago <tiago@home.example>",
        "From: wordpress@website.example\nReply-To: Tiago <tiago@home.example>",
        "From: Desk Web <info@desk.example>\nReply-To: tiago@home.example",
        "From: Desk Web <info+web@desk.example>\nReply-To: tiago@home.example",
        "From: noreply@website.example\nReply-To: noreply@website.example, tiago@home.example",
        f"From: Tiago via Staff <staff@lists.example>\nReply-To: tiago@home.example\n{LIST}",
        f"From: Tiago via Staff <staff@lists.example>\nX-Original-From: tiago@home.example\n{LIST}",
        (
            "From: staff@lists.example\nReply-To: tiago@home.example\nList-Post:"
            " <mailto:staff@lists.example?subject=x>"
        ),
        (
            "From: big.staff@lists.example\nReply-To: tiago@home.example\nList-Id:"
            " <big.staff.lists.example>"
        ),
        "From: info@desk.example\nReply-To: info@desk.example\nX-Original-From: tiago@home.example",
    ],
)
def test_who_writes_through_a_robot_a_list_or_the_desk_s_own_address_is_the_writer_by_their_claim(
    headers,
):
    assert writer(headers) == ("tiago@home.example", True)


@pytest.mark.parametrize(
    "headers",
    [
        "Reply-To: tiago@home.example",
        "X-Original-From: tiago@home.example",
        f"Reply-To: tiago@home.example\n{LIST}",
        "Reply-To: staff@lists.example\nList-Post: <mailto:staff@lists.example>",
        "Reply-To: noreply@customer.example",
    ],
)
def test_who_writes_under_their_own_name_is_the_writer_whatever_else_their_mail_says(headers):
    assert writer(headers) == ("chitra@customer.example", False)


@pytest.mark.parametrize(
    "reply_to",
    [
        "noreply@website.example",
        "bounces+7@website.example",
        "info@desk.example",
        SIGNER.reply_address("SPR-1"),
        "nobody at all",
        "@website.example",
    ],
)
def test_nobody_is_the_writer_whom_nobody_could_answer(reply_to):
    assert writer(f"From: noreply@website.example\nReply-To: {reply_to}") == (
        "noreply@website.example",
        False,
    )
