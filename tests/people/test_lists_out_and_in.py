"""The desk's own lists, downloaded, come in again as they are: nobody is refused and nothing is lost."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbook.people.contacts import STATED
from deskbook.people.lists import kinds
from deskbook.people.lists.sheets import open_sheet
from deskbook.people.models import Agent, Contact, ContactIdentity, Organisation, Place
from deskbook.people.refusals import in_words
from tests.people.list_steps import counts, read, take_in, why, written
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db

WORDS = st.text(
    st.one_of(
        st.sampled_from("Zéño Ñandú,;\"'\n\r\t=+-@|&  "),
        st.characters(codec="utf-8", exclude_characters="\x00"),
    ),
    max_size=40,
)
HEADINGS = st.one_of(
    WORDS.map(str.strip).filter(bool),
    st.sampled_from(["Office", "title", "number", "whatsapp", "kept: Office", "=1+1", "'=1+1"]),
)


@pytest.fixture
def bala():
    return make_agent(make_desk("sparkrock"), "Bala", role="lead")


def downloaded(desk, what):
    return written(*kinds.LISTS[what].table(desk))


def known(desk, **ways):
    person = Contact.objects.create(desk=desk, name="Zeno", language="en")
    for channel, identifiers in ways.items():
        for one in identifiers.split():
            person.identities.create(desk=desk, channel=channel, identifier=one)
    return person


def everything(desk):
    """Whom and what a list of contacts or places could change."""
    people = Contact.objects.filter(desk=desk).order_by("pk")
    return (
        list(people.values_list("pk", "name", "named", "language", "zone", "attributes")),
        list(ContactIdentity.objects.filter(desk=desk).order_by("pk").values_list()),
        list(Place.objects.filter(desk=desk).order_by("pk").values_list()),
    )


@pytest.mark.parametrize(
    "ways",
    [
        {"whatsapp": "+258841234567"},
        {"sms": "+258841234567 +258841234568"},
        {"pen": "771204"},
        {"email": "z@north.example z@home.example", "whatsapp": "+525512345678 +5511987654321"},
        {"phone": "4711 anonymous"},
        {},
        {"app": "login:77"},
    ],
    ids=[
        "WhatsApp",
        "texts",
        "a staff number",
        "several",
        "an extension",
        "no way",
        "a system's id",
    ],
)
def test_whatever_somebody_is_known_by_the_desks_own_list_comes_in_again(bala, ways):
    known(bala.desk, **ways)
    before = everything(bala.desk)
    upload = read(bala, "contacts", downloaded(bala.desk, "contacts"))
    assert [in_words(row.why) for row in upload.rows.all()] == [""]
    assert counts(upload) == (0, 0, 1, 0)
    assert take_in(upload).state == "done"
    assert everything(bala.desk) == before


def test_a_number_in_the_column_of_whatsapp_or_of_texts_makes_people_known_by_it(bala):
    text = "name,whatsapp,sms\nZeno,+258841234567,+258 84 123 4568\n"
    assert take_in(read(bala, "contacts", text)).state == "done"
    assert set(Contact.objects.get().identities.values_list("channel", "identifier")) == {
        ("whatsapp", "+258841234567"),
        ("sms", "+258841234568"),
    }
    other = read(bala, "contacts", "name,whatsapp\nAna,+258841234567\n")
    assert "belongs to Zeno already" in why(other, 2)


def test_a_line_without_a_way_that_says_something_new_is_refused(bala):
    known(bala.desk)
    upload = read(bala, "contacts", "name,language\nZeno,pt\nNobody,en\n")
    assert counts(upload) == (0, 0, 0, 2)
    assert "Give a mail address or a number" in why(upload, 2)


def test_kept_columns_go_out_and_stay_without_being_asked_for_again(bala):
    text = "name,mail,shoe size,kept: Office\nA,a@n.example,42,=B\n"
    take_in(read(bala, "contacts", text, keep_others=True))
    out = downloaded(bala.desk, "contacts")
    assert open_sheet(out).header[-2:] == ("kept: Office", "shoe size")
    upload = read(bala, "contacts", out)
    assert counts(upload) == (0, 0, 1, 0)
    assert [in_words(note) for note in upload.notes] == [
        "Columns this list does not know are kept with each person or place: “Office”, “shoe size”."
    ]
    take_in(read(bala, "contacts", out.replace(b"42", b"43")))
    assert Contact.objects.get().attributes == {"shoe size": "43", "Office": "=B"}
    mixed = read(bala, "contacts", "name,mail,shoe size,hat\nA,a@n.example,44,7\n")
    assert len(mixed.notes) == 2
    take_in(mixed)
    assert Contact.objects.get().attributes == {"shoe size": "44", "Office": "=B"}


def test_an_address_somebody_only_stated_is_in_no_list(bala):
    Contact.objects.create(desk=bala.desk, name="Zeno", attributes={STATED: "z@north.example"})
    out = downloaded(bala.desk, "contacts")
    assert b"north.example" not in out
    assert counts(read(bala, "contacts", out)) == (0, 0, 1, 0)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    people=st.lists(st.tuples(WORDS, st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4),
    kept=st.dictionaries(HEADINGS, WORDS, max_size=3),
)
def test_out_and_in_again_is_the_same_whatever_people_and_places_are_called(bala, people, kept):
    with transaction.atomic():
        for n, (name, mails, phones) in enumerate(people):
            somebody = known(
                bala.desk,
                email=" ".join(f"p{n}.{one}@north.example" for one in range(mails)),
                phone=" ".join(f"+1416555{n}{one:03}" for one in range(phones)),
            )
            Contact.objects.filter(pk=somebody.pk).update(name=name, attributes=kept)
            Place.objects.create(
                desk=bala.desk, code=f"P{n}", name=f"at {name}", kind=name, attributes=kept
            )
        before = everything(bala.desk)
        for what in ("contacts", "places"):
            upload = read(bala, what, downloaded(bala.desk, what))
            assert counts(upload) == (0, 0, len(people), 0), [
                (row.given, in_words(row.why)) for row in upload.rows.exclude(verdict="same")
            ]
            assert take_in(upload).state == "done"
        assert everything(bala.desk) == before
        transaction.set_rollback(True)


def test_organisations_and_agents_come_in_again_with_what_would_be_refused_by_now(bala):
    make_organisation(bala.desk, "Acme", plan="a plan of the book before")
    north = make_organisation(bala.desk, "ACME")
    north.domains = ["north.example", "north.org"]
    north.save()
    make_contact(bala.desk, "Chitra", north)
    asha = make_agent(bala.desk, "Asha", teams=("a team of the book before",))
    asha.user.language = "ml"
    asha.user.save()
    before = (list(Organisation.objects.order_by("pk").values_list()), list(Agent.objects.values()))
    for what, lines in (("organisations", 2), ("agents", 2), ("contacts", 1)):
        upload = read(bala, what, downloaded(bala.desk, what))
        assert counts(upload) == (0, 0, lines, 0), [
            in_words(row.why) for row in upload.rows.exclude(verdict="same")
        ]
        assert take_in(upload).state == "done"
    assert before == (
        list(Organisation.objects.order_by("pk").values_list()),
        list(Agent.objects.values()),
    )
