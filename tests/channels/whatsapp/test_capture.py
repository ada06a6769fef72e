"""Messages of a group become tickets: whoever exported the chat, wherever the phone was bought."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deskbook.channels.whatsapp import chat_exports
from deskbook.channels.whatsapp.capture import Pick, capture, make_reporter, open_cases
from deskbook.channels.whatsapp.chat_exports import example_of, forget_chats, read_as, take_export
from deskbook.channels.whatsapp.chat_text import OrderUnknown, read_chat
from deskbook.channels.whatsapp.models import CapturedLine, ChatExport, ChatLine
from deskbook.refusals.refusal import Refused
from deskbook.tickets.models import Blob, Message, Ticket

MAPUTO = ZoneInfo("Africa/Maputo")
AT = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
LRM = "\u200e"


def read(text, order=None):
    return list(read_chat(text, MAPUTO, order, at=AT))


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("12/15/25, 10:30 PM - Bala: x", "2025-12-15 22:30"),
        ("12/15/25, 10:30\u202fPM - Bala: x", "2025-12-15 22:30"),
        ("12/15/25, 12:05 AM - Bala: x", "2025-12-15 00:05"),
        ("15/12/2025, 22:30 - Bala: x", "2025-12-15 22:30"),
        ("15/12/2025 22:30 - Bala: x", "2025-12-15 22:30"),
        ("15/12/25 às 22:30 - Bala: x", "2025-12-15 22:30"),
        ("15/12/2025, 10:30 p. m. - Bala: x", "2025-12-15 22:30"),
        ("15/12/2025, 10:30 a.m. - Bala: x", "2025-12-15 10:30"),
        ("[15/12/25, 22:30:59] Bala: x", "2025-12-15 22:30"),
        (f"{LRM}[15/12/2025, 10:30:00\u202fPM] Bala: x", "2025-12-15 22:30"),
        ("१५/१२/२५, १०:३० अपराह्न - Bala: x", "2025-12-15 22:30"),
        ("१५/१२/२०२५, पूर्वाह्न १०:३० - Bala: x", "2025-12-15 10:30"),
        ("2025-12-15, 22:30 - Bala: x", "2025-12-15 22:30"),
        ("15.12.25, 22:30 - Bala: x", "2025-12-15 22:30"),
        ("[22:30, 15/12/2025] Bala: x", "2025-12-15 22:30"),
        ("[15/12, 22:30] Bala: x", "2025-12-15 22:30"),
    ],
)
def test_dates_are_read_as_phones_write_them(line, when):
    (said,) = read(line)
    assert (said.sender, said.text) == ("Bala", "x")
    assert f"{said.said_at:%Y-%m-%d %H:%M}" == when
    assert said.said_at.tzinfo is MAPUTO


def test_a_message_of_several_lines_stays_one():
    first, second = read(
        "15/12/25, 10:30 - Bala: um\n\n2 tablets: nada\n15/12/25, 10:31 - Asha: dois"
    )
    assert first.text == "um\n\n2 tablets: nada"
    assert second.sender == "Asha"


def test_what_whatsapp_itself_says_has_no_sender():
    said = read("15/12/25, 10:30 - Asha adicionou Bala\n15/12/25, 10:31 - Bala: obrigado")
    assert [line.sender for line in said] == ["", "Bala"]


@pytest.mark.parametrize(
    "words",
    [
        "<Media omitted>",
        "<Mídia oculta>",
        "<मीडिया के बिना>",
        "<Ficheiro não revelado>",
        "image omitted",
    ],
)
def test_a_file_that_was_left_out_is_no_text(words):
    (said,) = read(f"15/12/25, 10:30 - Bala: {LRM}{words}")
    assert (said.text, said.left_out) == ("", True)


@pytest.mark.parametrize(
    "words",
    [
        "IMG-1.jpg (file attached)",
        "IMG-1.jpg (arquivo anexado)",
        "<attached: IMG-1.jpg>",
        "<anexado: IMG-1.jpg>",
    ],
)
def test_a_file_is_named(words):
    (said,) = read(f"15/12/25, 10:30 - Bala: {LRM}{words}\nlegenda")
    assert (said.text, said.file) == ("legenda", "IMG-1.jpg")


def test_one_day_above_twelve_decides_for_the_whole_chat():
    said = read("3/4/25, 10:30 - A: x\n13/4/25, 10:30 - A: y")
    assert said[0].said_at.month == 4
    said = read("3/4/25, 10:30 - A: x\n3/14/25, 10:30 - A: y")
    assert said[0].said_at.month == 3


def test_time_that_never_goes_back_decides_where_no_day_does():
    said = read("3/4/25, 10:30 - A: x\n4/4/25, 10:30 - A: y\n1/5/25, 10:30 - A: z")
    assert [line.said_at.day for line in said] == [3, 4, 1]


def test_dates_that_can_be_read_both_ways_are_asked_about():
    with pytest.raises(OrderUnknown, match="3/4/25"):
        read("3/4/25, 10:30 - A: x")
    assert read("3/4/25, 10:30 - A: x", "mdy")[0].said_at.month == 3


def test_orders_mixed_in_one_file_lose_nothing():
    said = read("13/4/25, 10:30 - A: x\n14/4/25, 10:31 - A: y\n4/15/25, 10:32 - A: z")
    assert [(line.said_at.day, line.said_at.month) for line in said] == [(13, 4), (14, 4), (15, 4)]


def test_a_number_that_is_no_date_goes_on_with_the_message():
    (said,) = read("15/12/25, 10:30 - A: códigos\n99/99/99, 10:30 - B: x\n15/12/25, 77:30 - B: x")
    assert said.text.count("\n") == 2


def test_what_is_no_chat_is_said_to_be_none():
    with pytest.raises(Refused, match="Export chat"):
        read("Bom dia")


def test_a_hundred_thousand_messages_are_read_and_kept(desk, asha, now):
    lines = (
        f"{1 + n // 4000:02}/03/2025, {n % 24:02}:{n % 60:02} - Pessoa {n % 40}: não sincroniza {n}"
        for n in range(100_000)
    )
    export = take_export(desk, "grupo.txt", "\n".join(lines).encode(), at=now, by=asha)
    assert export.messages == ChatLine.objects.filter(export=export).count() == 100_000
    assert ChatLine.objects.get(export=export, number=100_000).text == "não sincroniza 99999"


GROUP = """15/12/2025, 10:30 - +258 84 123 4567: O tablet não liga
15/12/2025, 10:31 - Bala: Em Monapo ninguém sincroniza
15/12/2025, 10:32 - +258 84 123 4567: IMG-1.jpg (arquivo anexado)"""


@pytest.fixture
def given(desk, asha, now):
    """Give the desk an export, as text or as a .zip with its pictures."""

    def give(text=GROUP, files=None, name="grupo.txt"):
        data = (
            text.encode()
            if files is None
            else zipped({"WhatsApp Chat.txt": text.encode(), **files})
        )
        return take_export(desk, name, data, at=now, by=asha)

    return give


def zipped(files, method=zipfile.ZIP_DEFLATED):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return raw.getvalue()


def lines_of(export, *numbers):
    return list(ChatLine.objects.filter(export=export, number__in=numbers).order_by("number"))


def test_picked_messages_become_a_case_of_who_wrote_them(desk, asha, given, now):
    export = given(files={"IMG-1.jpg": b"\xff\xd8\xff"})
    pick = Pick(
        lines_of(export, 1, 3),
        make_reporter(desk, "+258 84 123 4567"),
        more="Administrative area: Monapo",
    )
    ticket = capture(export, pick, at=now, by=asha)
    assert ticket.subject == "O tablet não liga"
    assert ticket.channel == "whatsapp"
    assert ticket.log.get(seq=1).data["recorded_by"] == str(asha.pk)
    message = ticket.messages.get(kind="request")
    assert "[15 Dec 2025 10:30 CAT, WhatsApp, +258 84 123 4567]" in message.text
    assert "Monapo" in message.text and "Asha" in message.text
    assert message.attachments.get().content_type == "image/jpeg"
    assert set(ticket.requester.identities.values_list("channel", "identifier")) == {
        ("phone", "+258841234567")
    }


def test_who_is_known_by_name_in_the_group_stays_the_same_person(desk, asha, given, now):
    capture(given(), Pick(lines_of(given(), 2), make_reporter(desk, "Bala")), at=now, by=asha)
    assert make_reporter(desk, "Bala") == Ticket.objects.get().requester


def test_twice_pasted_is_once_stored(desk, asha, given, now):
    android, ios = given(), given(GROUP.replace("15/12/2025, 10:30 -", "[15/12/25, 10:30:41]"))
    reporter = make_reporter(desk, "+258 84 123 4567")
    first = capture(android, Pick(lines_of(android, 1), reporter), at=now, by=asha)
    again = capture(ios, Pick(lines_of(ios, 1), reporter), at=now, by=asha)
    assert first == again
    assert (
        Ticket.objects.count()
        == CapturedLine.objects.count()
        == Message.objects.filter(kind="request").count()
        == 1
    )


def test_the_same_words_twice_in_a_minute_are_two_messages(given):
    export = given("15/12/2025, 10:30 - A: sim\n15/12/2025, 10:30 - A: sim")
    first, second = lines_of(export, 1, 2)
    assert first.mark != second.mark


def test_a_message_joins_an_open_case_of_the_same_reporter_alone(desk, asha, given, now):
    export = given()
    reporter, bala = make_reporter(desk, "+258 84 123 4567"), make_reporter(desk, "Bala")
    ticket = capture(export, Pick(lines_of(export, 1), reporter), at=now, by=asha)
    assert open_cases(reporter, asha) == [ticket]
    with pytest.raises(Refused, match="choose a case of Bala"):
        capture(export, Pick(lines_of(export, 2), bala, ticket), at=now, by=asha)
    assert capture(export, Pick(lines_of(export, 3), reporter, ticket), at=now, by=asha) == ticket
    assert ticket.messages.filter(kind="request").count() == 2


def test_a_chat_whose_dates_are_unclear_waits_for_an_answer(given):
    export = given("3/4/25, 10:30 - A: x")
    assert (export.order, export.messages, example_of(export)) == ("", 0, "3/4/25")
    read_as(export, "dmy")
    assert export.messages == 1


def bomb():
    return zipped({"chat.txt": b"0" * (31 * 1024 * 1024)})


def lying_bomb():
    """A .zip that says its chat is small, and is not."""
    raw = bytearray(bomb())
    size = (31 * 1024 * 1024).to_bytes(4, "little")
    return bytes(raw.replace(size, (10).to_bytes(4, "little")))


#: Made by the test that reads them, and not by every process that collects it.
NOT_READ = {
    "damaged": (lambda: b"PK\x03\x04 broken", "damaged"),
    "no chat": (lambda: zipped({"IMG.jpg": b"x"}), "holds no chat"),
    "bomb": (bomb, "larger than 30 MB unpacked"),
    "lying bomb": (lying_bomb, "unpacked"),
    "many files": (
        lambda: zipped({f"{n}.jpg": b"" for n in range(5_001)}, zipfile.ZIP_STORED),
        "more than 5,000 files",
    ),
    "no message": (lambda: b"Bom dia", "No message was found"),
    "bytes": (lambda: b"\x00\xff\xfe" * 100, "No message was found"),
    "empty": (lambda: b"", "No message was found"),
}


@pytest.mark.parametrize(("made", "said"), NOT_READ.values(), ids=NOT_READ)
def test_what_cannot_be_read_is_refused_with_what_to_do(desk, asha, now, made, said):
    with pytest.raises(Refused, match=said):
        take_export(desk, "x.zip", made(), at=now, by=asha)
    assert ChatExport.objects.count() == 0


def test_too_many_messages_are_refused(given, monkeypatch):
    monkeypatch.setattr(chat_exports, "MOST_MESSAGES", 2)
    with pytest.raises(Refused, match="paste the part you need"):
        given()


def test_a_picture_that_is_not_in_the_zip_is_named_only(desk, asha, given, now):
    export = given(files={})
    ticket = capture(
        export, Pick(lines_of(export, 3), make_reporter(desk, "+258841234567")), at=now, by=asha
    )
    message = ticket.messages.get(kind="request")
    assert "IMG-1.jpg" in message.text
    assert message.attachments.count() == 0


def test_a_chat_and_its_pictures_are_forgotten_after_a_week(given, now):
    given(files={"IMG-1.jpg": b"\xff"})
    given(GROUP + "!")
    forget_chats(at=now + timedelta(days=6))
    assert ChatExport.objects.count() == 2
    forget_chats(at=now + timedelta(days=8))
    assert ChatExport.objects.count() == ChatLine.objects.count() == Blob.objects.count() == 0


def test_text_in_the_phones_own_encoding_is_read(given):
    export = take = given(GROUP)
    assert take.messages == 3
    assert export.lines.get(number=2).text == "Em Monapo ninguém sincroniza"
