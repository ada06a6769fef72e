"""What a text says and how many parts it takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.channels.sms.models import TextMessage
from deskbook.channels.sms.writing import NewText, queue_text, worded
from deskbook.engine.channels import Template
from deskbook.people.mobiles import NoText, mobile_number
from deskbook.people.text_parts import parts_of
from tests.people_factory import MONDAY


@pytest.mark.parametrize(
    ("text", "unicode", "count"),
    [
        ("a" * 160, False, 1),
        ("a" * 161, False, 2),
        ("a" * 306, False, 2),
        ("a" * 307, False, 3),
        ("€" * 80, False, 1),
        ("€" * 81, False, 2),
        ("ନ" * 70, True, 1),
        ("ନ" * 71, True, 2),
        ("ନ" * 135, True, 3),
        ("🙂" * 35, True, 1),
        ("a" * 70 + "ന", True, 2),
    ],
)
def test_parts_are_counted_as_the_networks_bill_them(text, unicode, count):
    assert (parts_of(text).unicode, parts_of(text).count) == (unicode, count)


def test_a_sign_of_two_units_is_never_cut_in_two():
    assert parts_of("€" * 153).count == 3  # 76 fit into a part of 153, not 76 and a half


@given(st.text(max_size=700))
def test_the_parts_have_room_for_the_text_and_none_is_empty(text):
    parts = parts_of(text)
    alone, joined = (70, 67) if parts.unicode else (160, 153)
    room = alone if parts.count == 1 else joined * parts.count
    assert parts.length <= room
    assert parts.count == 1 or parts.length > alone


def test_a_value_longer_than_forty_characters_is_cut_in_a_registered_text():
    template = Template("answer", "sms", "en", "{ticket}: {text}", "1107")
    said = worded(template, {"ticket": "MUK-1", "text": "Please send us " + "x" * 60})
    assert said == "MUK-1: " + ("Please send us " + "x" * 60)[:37] + "..."
    odia = worded(template, {"ticket": "MUK-1", "text": "ନ" * 60})
    assert odia == "MUK-1: " + "ନ" * 39 + "…"
    free = worded(Template("answer", "sms", "en", "{text}"), {"text": "y" * 60})
    assert free == "y" * 60


def test_a_link_is_not_cut_but_refused():
    template = Template("answer", "sms", "en", "{link}", "1107")
    with pytest.raises(NoText, match="room for 40"):
        worded(template, {"link": "https://desk.example.org/desk/mukta/cases/MUK-1234567"})


def test_a_text_that_asks_for_what_is_not_known_says_so():
    with pytest.raises(NoText, match=r"asks for \{secret\}"):
        worded(Template("answer", "sms", "en", "{secret}"), {"text": "y"})
    with pytest.raises(NoText, match="asks for"):
        worded(Template("answer", "sms", "en", "{text.__class__}"), {"text": "y"})


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+916742390011", "not a mobile"),
        ("0674 239", "no phone number"),
        ("hello", "no phone number"),
    ],
)
def test_a_number_that_takes_no_texts_is_refused_with_the_reason(number, words):
    with pytest.raises(NoText, match=words):
        mobile_number(number)


def test_a_text_is_worded_by_the_book_in_the_persons_language(desk):
    odia = queue_text(
        desk, NewText("a", "+919437012345", "acknowledgement", {"ticket": "MUK-7"}, "or"), at=MONDAY
    )
    assert (odia.text, odia.registered) == ("ଆପଣଙ୍କ ଅନୁରୋଧ ସଂଖ୍ୟା MUK-7।", "1107160000000000002")
    hindi = queue_text(
        desk, NewText("b", "+919437012345", "acknowledgement", {"ticket": "MUK-7"}, "hi"), at=MONDAY
    )
    assert (hindi.language, hindi.parts) == ("en", 1)


def test_free_text_is_refused_with_a_sentence(desk):
    with pytest.raises(NoText, match="nothing but its templates is sent"):
        queue_text(desk, NewText("a", "+919437012345", "greeting", {"text": "Hello"}), at=MONDAY)
    assert not TextMessage.objects.exists()


def test_a_text_asked_for_twice_is_one(desk):
    for number in ("+919437012345", "+919437099999"):
        queue_text(desk, NewText("a", number, "acknowledgement", {"ticket": "MUK-7"}), at=MONDAY)
    assert TextMessage.objects.get().number == "+919437012345"
