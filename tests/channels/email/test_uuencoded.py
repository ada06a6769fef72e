"""Files from before MIME, which stand in the words of a mail, are files."""

import binascii
import time

from deskbook.channels.email.parse import parse

HEAD = b"From: chitra@customer.example\r\nSubject: Scan\r\n\r\n"
SCAN = bytes(range(256)) * 3


def encoded(data, name, newline=b"\r\n"):
    lines = [binascii.b2a_uu(data[at : at + 45]).rstrip(b"\n") for at in range(0, len(data), 45)]
    return newline.join([b"begin 644 " + name, *lines, b"`", b"end", b""])


def test_a_file_in_the_words_of_a_mail_is_an_attachment_and_the_words_around_it_stay():
    mail = parse(
        HEAD
        + b"See the scan.\r\n\r\n"
        + encoded(SCAN, b"scan 1.png")
        + b"\r\n"
        + encoded(b"a,b\n", b"list.csv")
        + b"Chitra\r\n"
    )
    files = [(one.filename, one.content_type, one.content) for one in mail.attachments]
    assert files == [("scan 1.png", "image/png", SCAN), ("list.csv", "text/csv", b"a,b\n")]
    assert mail.text.split() == ["See", "the", "scan.", "Chitra"]


def test_lines_that_a_server_stripped_or_gave_a_checksum_are_read():
    plain = encoded(SCAN, b"scan.png", b"\n")
    with_checksums = b"\n".join(
        line + b"*" if line.startswith(b"M") else line for line in plain.split(b"\n")
    )
    for body in (plain, with_checksums):
        [file] = parse(HEAD + body).attachments
        assert file.content == SCAN


def test_what_only_looks_like_a_file_or_is_cut_off_stays_among_the_words():
    words = b"begin 644 the work\r\nas we said, and come to an\r\nend\r\n"
    cut_off = encoded(SCAN, b"scan.png").rpartition(b"end")[0]
    for body in (words, cut_off):
        mail = parse(HEAD + body)
        assert mail.attachments == ()
        assert mail.text.startswith("begin 644")


def test_a_mail_of_a_hundred_thousand_beginnings_is_read_at_once():
    hostile = b"begin 644 x\r\n" * 50_000 + b"begin 644 x\r\n`\r\nend\r\n" * 20_000
    began = time.process_time()
    mail = parse(HEAD + hostile)
    assert time.process_time() - began < 5
    assert len(mail.attachments) <= 100
