"""Pictures that came with a mail are shown where its words name them; every other file is
listed.
"""

from datetime import UTC, datetime

import pytest

from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.tickets.models import Attachment

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def mail(html, *files):
    parts = "".join(
        f"--b1\nContent-Type: image/png\nContent-ID: <{content_id}>\nContent-Disposition: inline;"
        f' filename="{name}"\nContent-Transfer-Encoding: base64\n\n{PIXEL}\n'
        for name, content_id in files
    )
    return (
        "From: Chitra <chitra@customer.example>\nTo: support@sparkrock.example\nSubject:"
        " Pictures\nMessage-ID: <pictures@customer.example>\nMIME-Version: 1.0\nContent-Type:"
        ' multipart/related; boundary="b1"\n\n--b1\nContent-Type: text/html;'
        f" charset=utf-8\n\n{html}\n{parts}--b1--\n"
    ).encode()


@pytest.fixture
def page_of(console, desk):
    """Return the ticket page that a mail leads to, and the address of each of its files by name."""

    def page_of(*of):
        ticket = receive(ingest(mail(*of)), at=datetime.now(UTC)).ticket
        files = {file.name: f"/files/{file.pk}/{file.name}" for file in Attachment.objects.all()}
        return console.get(f"/console/tickets/{ticket}").content.decode(), files

    return page_of


def shown(page, address):
    return f'<img src="{address}"' in page


def listed(page, address):
    return f'<a href="{address}"' in page


def test_an_id_that_begins_like_another_is_another(page_of):
    page, files = page_of(
        '<img src="cid:img1"><img src="cid:img10">', ("one.png", "img1"), ("ten.png", "img10")
    )
    assert shown(page, files["one.png"])
    assert shown(page, files["ten.png"])
    assert not listed(page, files["one.png"])


@pytest.mark.parametrize("link", ["CID:up1@x", "cid:UP1@X", "cid:up1%40x"])
def test_ids_are_compared_decoded_and_without_case(page_of, link):
    page, files = page_of(f'<p>one <img src="{link}"></p>', ("up.png", "up1@x"))
    assert shown(page, files["up.png"])


@pytest.mark.parametrize("content_id", ["pic 2$x@outside.example", 'a">', "a'b", "<<a", "x" * 256])
def test_a_file_whose_id_is_no_plain_word_is_listed(page_of, content_id):
    page, files = page_of(
        f'<p>Picture: <img src="cid:{content_id[:9]}" alt="pic"></p>', ("pic.png", content_id)
    )
    assert listed(page, files["pic.png"])


def test_a_file_that_the_words_do_not_show_is_listed(page_of):
    page, files = page_of("<p>The photo of my phone.</p>", ("photo.png", "abc@phone"))
    assert listed(page, files["photo.png"])


def test_a_picture_that_nobody_sent_keeps_the_placeholder(page_of):
    page, _ = page_of('<p>one <img src="cid:gone@x"></p>', ("other.png", "other@x"))
    assert "cid:" not in page
