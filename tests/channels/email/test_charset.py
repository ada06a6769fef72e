"""Words that came in another form than they were declared in, or damaged on the way, can be
read.
"""

from email.base64mime import body_encode

import pytest

from deskbook.channels.email.parse import parse
from deskbook.people.refusals import in_words
from tests.channels.email.post import mail

_MALAYALAM = "പ്രിന്റർ പ്രവർത്തിക്കുന്നില്ല. "
_HINDI = "प्रिंटर काम नहीं करता। "


def _read(words: bytes, content_type: str, headers: bytes = b"Subject: s"):
    head = b"From: c@customer.example\r\n%b\r\nContent-Type: %b\r\n\r\n" % (
        headers,
        content_type.encode(),
    )
    return parse(head + words)


@pytest.mark.parametrize(
    "declared", ["; charset=utf-8", "; charset=UTF8", "", "; charset=us-ascii"]
)
@pytest.mark.parametrize("words", [_MALAYALAM, _HINDI])
def test_one_damaged_byte_costs_one_character_and_is_said(words, declared):
    read = _read(words.encode() + b"price \xa3 5", f"text/plain{declared}")
    assert read.text == f"{words}price � 5"
    assert any("damaged" in in_words(defect) for defect in read.defects)


@pytest.mark.parametrize("words", [_MALAYALAM, _HINDI])
def test_a_text_that_ends_inside_a_character_is_read_up_to_there(words):
    read = _read(words.strip(" .।").encode()[:-1], "text/plain; charset=utf-8")
    assert read.text == words.strip(" .।")[:-1] + "�"


def test_a_text_in_another_charset_than_declared_is_not_taken_for_a_damaged_one():
    read = _read("Olá, não imprime às três.".encode("cp1252"), "text/plain; charset=utf-8")
    assert read.text == "Olá, não imprime às três."


@pytest.mark.parametrize(
    ("declared", "codec", "words"),
    [
        ("x-mac-roman", "mac-roman", "Não"),
        ("x-mac-cyrillic", "mac-cyrillic", "Здравствуйте"),
        ("X-MAC-CENTRALEURROMAN", "mac-latin2", "Łódź"),
        ("x-mac-japanese", "cp932", "印刷"),
        ("x-gbk", "gbk", "打印机"),
        ("windows-31j", "cp932", "①番の印刷"),
        ("shift_jis", "cp932", "①番の㈱"),
        ("x-euc-jp", "euc_jis_2004", "①番"),
        ("big5", "big5hkscs", "打印機"),
        ("x-cp1251", "cp1251", "Здравствуйте"),
        ("us-ascii (as ever)", "ascii", "plain words"),
    ],
)
def test_the_names_that_mail_programs_give_to_charsets_are_known(declared, codec, words):
    read = _read(words.encode(codec), f"text/plain; charset={declared}")
    assert read.text == words
    assert not any("character set" in in_words(defect) for defect in read.defects)


@pytest.mark.parametrize("declared", ["; charset=iso-2022-jp", "; charset=iso-2022-jp-ms", ""])
def test_a_circled_number_in_japanese_mail_does_not_spoil_it(declared):
    assert _read(b"\x1b$B2q5D-!$N7o\x1b(B (1)", f"text/plain{declared}").text == "会議①の件 (1)"


@pytest.mark.parametrize(
    "declared", ["text/html", "text/html; charset=us-ascii", "text/html; charset=x-nobody"]
)
def test_html_may_name_its_charset_itself(declared):
    page = (
        '<html><head><META http-equiv=Content-Type content="text/html;'
        ' charset=windows-1251"></head><p>Принтер</p>'
    )
    assert _read(page.encode("cp1251"), declared).text == "Принтер"
    assert (
        _read(b'<meta charset="iso-8859-7"><p>' + "Εκτυπωτής".encode("iso-8859-7"), declared).text
        == "Εκτυπωτής"
    )


def test_bytes_left_raw_in_an_encoded_word_are_of_its_charset():
    subject = b"Subject: =?windows-1251?Q?" + "Принтер".encode("cp1251") + b"_=CF?="
    assert _read(b"x", "text/plain", subject).subject == "Принтер П"


@pytest.mark.parametrize("declared", ["text/plain; charset=gb2312", "text/plain"])
def test_chinese_headers_that_declare_nothing_are_read(declared):
    read = _read(
        b"x", declared, "Subject: 打印机坏了\r\nTo: 服务台 <info@desk.example>".encode("gbk")
    )
    assert (read.subject, read.to[0].name) == ("打印机坏了", "服务台")


def test_capitals_with_accents_are_not_taken_for_chinese():
    subject = "Subject: SITUAÇÃO E AUTORIZAÇÃO À PARTE".encode("cp1252")
    assert _read(b"x", "text/plain", subject).subject == "SITUAÇÃO E AUTORIZAÇÃO À PARTE"


@pytest.mark.parametrize("words", ["The words are here.", _MALAYALAM * 5])
def test_a_list_s_footer_below_base64_is_read_as_it_stands(words):
    coded = body_encode(words.encode()) + "_______________\r\nlist mailing list"
    read = mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", coded)
    assert read.text == f"{words}\n_______________\nlist mailing list"


def test_a_damaged_line_in_the_middle_of_base64_ends_nothing():
    coded = body_encode(b"words " * 30).splitlines()
    coded[1] += "!"
    read = mail("Content-Transfer-Encoding: base64", "\r\n".join(coded))
    assert read.text == "words " * 30


@pytest.mark.parametrize("encoding", ["base64 (RFC 2045)", '"base64"', "(as ever) BASE64"])
def test_a_comment_beside_the_transfer_encoding_says_nothing(encoding):
    assert mail(f"Content-Transfer-Encoding: {encoding}", "aGVsbG8gd29ybGQ=").text == "hello world"


def test_a_comment_beside_a_type_says_nothing_and_a_bracket_of_a_file_name_stays():
    read = mail('Content-Type: application/pdf (a file); name="plan (1).pdf"', "%PDF")
    assert (read.content_type, read.attachments[0].filename) == ("application/pdf", "plan (1).pdf")
    bare = mail("Content-Type: application/pdf; name=plan(1).pdf", "%PDF")
    assert bare.attachments[0].filename == "plan(1).pdf"
