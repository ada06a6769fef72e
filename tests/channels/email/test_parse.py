from base64 import encodebytes
from datetime import UTC, datetime

import pytest

from deskbook.channels.email.mail import Unparsable
from deskbook.channels.email.parse import parse
from deskbook.people.refusals import in_words
from tests.channels.email.post import FIXTURES, fixture, mail


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.eml")), ids=lambda p: p.stem)
def test_every_mail_we_know_is_read_and_shows_something(path):
    read = parse(path.read_bytes())
    assert read.subject
    assert read.from_.addr
    assert read.text.strip() or read.attachments


def test_an_empty_mail_is_refused_with_a_sentence():
    with pytest.raises(Unparsable, match=r"mail\.empty"):
        parse(b"\r\n \r\n")


def test_a_mail_from_nobody_is_refused_with_a_sentence():
    with pytest.raises(Unparsable, match=r"mail\.of_nobody"):
        parse(b"Subject: hello\n\nwords\n")


def test_bytes_that_are_no_mail_are_refused_with_a_sentence():
    with pytest.raises(Unparsable, match=r"mail\.no_headers"):
        parse(b"\x89PNG\x00\x00 nothing like it")


def test_the_date_is_kept_in_utc():
    assert mail().date == datetime(2026, 3, 2, 4, 45, 42, tzinfo=UTC)


def test_a_date_that_is_none_is_left_open_and_said():
    read = fixture("dateless")
    assert read.date is None
    assert any("Date" in in_words(defect) for defect in read.defects)


@pytest.mark.parametrize(
    "date", ["Mon, 2 Mar 99999 10:15:42 +0530", "Mon, 31 Feb 2026 10:00:00 +0000", "", "0"]
)
def test_impossible_dates_do_no_harm(date):
    assert mail(f"Date: {date}").date is None


def test_a_character_split_between_two_encoded_words_is_whole_again():
    assert fixture("split-inside-character").subject == "नमगस्ते x"


def test_an_encoded_word_with_spaces_in_it_is_read():
    assert fixture("encoded-word-with-space").subject == "Não imprime hoje"


def test_a_subject_cannot_smuggle_in_a_header():
    subject = fixture("subject-injection").subject
    assert subject == "Printer Bcc: victim@x.example body"
    assert "\n" not in subject and "\r" not in subject


def test_eight_bit_headers_are_read():
    read = fixture("eight-bit-headers")
    assert (read.from_.name, read.subject) == ("João Moçambique", "Não funciona")


def test_an_address_outside_ascii_is_kept():
    assert fixture("smtputf8").from_.addr == "चित्रा@उदाहरण.भारत"


def test_an_address_encoded_as_a_whole_is_read():
    read = mail("From: =?utf-8?q?Chitra_=3Cchitra=40customer=2Eexample=3E?=")
    assert (read.from_.name, read.from_.addr) == ("Chitra", "chitra@customer.example")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("unknown-charset", "Ação às três"),
        ("declared-ascii-is-utf8", "നന്ദി"),
        ("eight-bit-headers", "Olá, não imprime."),
    ],
)
def test_a_wrong_charset_is_mended_and_said(name, words):
    read = fixture(name)
    assert read.text.strip() == words
    assert any("character set" in in_words(defect) for defect in read.defects)


def test_chinese_declared_as_gb2312_is_read_as_its_superset():
    read = fixture("gb2312")
    assert (read.subject, read.text.strip(), read.defects) == ("打印机", "打印机坏了", ())


def test_nul_and_lone_surrogates_never_reach_the_database():
    read = mail("Subject: a\x00b =?utf-7?q?+2AA-?=", "c\x00d")
    for text in (read.subject, read.text):
        assert "\x00" not in text
        text.encode("utf-8")


def test_a_flowed_paragraph_is_one_line_and_its_quote_too():
    text = fixture("thunderbird-flowed").text
    assert (
        "> Which printer is it and on which floor of the treasury building does it stand?" in text
    )
    assert "The blue one on the second floor, beside the window that looks to the north." in text


def test_flowed_text_with_delsp_joins_the_halves_of_a_word():
    assert "in the middle of a word." in fixture("apple-mail-iphone").text


def test_words_before_and_after_a_picture_are_both_shown():
    read = fixture("apple-mixed-around-attachment")
    assert read.text == "Before the picture.\n\nAfter the picture."
    assert [a.filename for a in read.attachments] == ["p.png"]


def test_a_mail_that_is_cut_off_shows_what_arrived():
    read = fixture("missing-closing-boundary")
    assert read.text == "First words."
    assert read.attachments[0].content.startswith(b"%PDF-1.4")
    assert any("cut off" in in_words(defect) for defect in read.defects)


def test_parts_are_found_when_the_boundary_is_declared_wrongly():
    read = fixture("wrong-boundary")
    assert read.text == "The words are here."
    assert read.html == "<p>The words are here.</p>"


def test_a_multipart_without_parts_shows_its_text():
    assert fixture("no-boundary").text == "There are no parts in this, only words."


def test_a_missing_blank_line_loses_no_word():
    assert fixture("no-blank-line").text == "This line is no header.\nSecond line."


def test_a_mail_attached_to_a_mail_stays_a_file():
    read = fixture("nested-rfc822")
    assert read.text == "See the attached mail."
    assert [a.filename for a in read.attachments] == ["Old mail.eml"]
    assert b"inner words" in read.attachments[0].content


@pytest.mark.parametrize(
    ("name", "filename", "content_type"),
    [
        ("winmail", "winmail.dat", "application/ms-tnef"),
        ("smime-encrypted", "smime.p7m", "application/pkcs7-mime"),
        ("smime-signed", "smime.p7s", "application/pkcs7-signature"),
        ("calendar-reply", "attachment-1.ics", "text/calendar"),
        ("uuencoded", "note.txt", "application/octet-stream"),
    ],
)
def test_parts_we_cannot_open_are_kept_as_files(name, filename, content_type):
    attachment = fixture(name).attachments[0]
    assert (attachment.filename, attachment.content_type) == (filename, content_type)
    assert attachment.content


def test_an_encrypted_mail_says_that_it_is():
    assert "encrypted" in fixture("smime-encrypted").text


def test_an_accepted_invitation_says_who_accepted_what_and_when():
    text = fixture("calendar-reply").text
    assert "chitra@customer.example: accepted" in text
    assert "Visit to the treasury, Kannur" in text
    assert "2026-03-05 10:00 (Asia/Kolkata)" in text


def test_file_names_are_decoded_and_made_safe():
    names = [a.filename for a in fixture("filenames").attachments]
    assert names == [
        "relatório final.pdf",
        "അപേക്ഷ.pdf",
        "invoice fdp.exe",
        "_con.txt",
        "attachment-5.jpg",
    ]


def test_a_very_long_file_name_fits_a_disk_and_keeps_its_ending():
    name = mail(f'Content-Type: application/pdf; name="{"മ" * 300}.pdf"').attachments[0].filename
    assert len(name.encode()) <= 180
    assert name.endswith(".pdf")


def test_an_inline_picture_is_found_by_its_content_id():
    picture = fixture("inline-image").attachments[0]
    assert (picture.content_id, picture.inline, picture.filename) == ("shot@1", True, "shot.png")


def test_parts_nested_without_end_are_kept_unopened():
    body = "the innermost words"
    for n in range(300):
        body = (
            f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n{body}\r\n--b{n}--\r\n"
        )
    read = parse(b"From: chitra@customer.example\r\n" + body.encode())
    assert b"the innermost words" in read.attachments[0].content
    assert any("nested deeper" in in_words(defect) for defect in read.defects)


def test_the_thousand_and_first_part_and_all_after_it_come_as_one_file():
    parts = "".join(
        f"--b\r\nContent-Type: text/plain; name=n{n}\r\n\r\npart {n}\r\n" for n in range(3_000)
    )
    read = mail("Content-Type: multipart/mixed; boundary=b", parts + "--b--\r\n")
    assert len(read.attachments) == 1_001
    assert b"part 2999" in read.attachments[-1].content


def test_thirty_thousand_headers_are_read():
    read = mail("\n".join(f"X-Header-{n}: {n}" for n in range(30_000)))
    assert read.header("x-header-29999") == "29999"


def test_a_thirty_megabyte_attachment_arrives_whole():
    content = bytes(range(256)) * 120_000
    encoded = encodebytes(content).decode()
    read = mail(
        "Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64", encoded
    )
    assert read.attachments[0].content == content


def test_a_text_too_long_to_show_is_cut_and_attached_whole():
    read = mail(body="words " * 400_000)
    assert len(read.text) <= 1_000_000
    assert len(read.attachments[0].content) == 2_400_000
    assert any("the whole is attached" in in_words(defect) for defect in read.defects)


def test_deeply_nested_markup_does_no_harm():
    read = mail("Content-Type: text/html", "<div>" * 200_000 + "words")
    assert "words" in read.text


def test_ids_are_read_in_their_order():
    read = mail("In-Reply-To: <b@x> (their answer)\nReferences: <a@x>\n <b@x>\t<c@x>")
    assert (read.in_reply_to, read.references) == ("<b@x>", ("<a@x>", "<b@x>", "<c@x>"))


def test_where_it_was_delivered_counts_as_recipient():
    read = mail("Delivered-To: other@desk.example\nX-Original-To: third@desk.example")
    assert read.recipients == ("info@desk.example", "other@desk.example", "third@desk.example")


def test_damaged_transfer_encodings_are_read_as_far_as_they_go():
    assert "100 =% sure" in fixture("qp-broken").text
    assert mail("Content-Transfer-Encoding: base64", "aGVsbG8gd29ybGQ!!").text == "hello world"
