"""People and organisations are found by their mail address however its domain is written, and by no
other.
"""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from deskbook.channels.email.smtp import hand_over
from deskbook.jobs.sign_in import mail_code
from deskbook.people.agents import invite_agent
from deskbook.people.contacts import add_way, contact_by, find_or_make_contact, give_sign_ins
from deskbook.people.lists.columns import Given
from deskbook.people.lists.contacts import judge
from deskbook.people.mailed_codes import ask_for_code
from deskbook.people.models import Organisation, User
from deskbook.web.console.new_cases.caller import caller_typed
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
LETTERS, ASCII = "chitra@müller.example", "Chitra@XN--MLLER-KVA.example"


@pytest.fixture
def desk():
    return make_desk("sparkrock")


def test_one_person_writes_with_the_letters_of_their_domain_and_without(desk):
    chitra = find_or_make_contact(desk, "email", ASCII)
    assert contact_by(desk, "email", LETTERS) == chitra
    assert chitra.identities.get().identifier == LETTERS
    assert give_sign_ins(LETTERS) == give_sign_ins(ASCII) == chitra.user


def test_the_owners_of_two_domains_that_fold_alike_are_two_people(desk):
    one, other = (
        find_or_make_contact(desk, "email", f"esther@{domain}") for domain in ("fass.de", "faß.de")
    )
    assert one != other
    assert contact_by(desk, "email", "esther@xn--fa-hia.de") == other


def test_an_agent_is_invited_once_in_whichever_form(desk):
    seat = invite_agent(desk, "Asha@xn--mller-kva.example")
    assert invite_agent(desk, "asha@MÜLLER.example").pk == seat.pk
    assert seat.user.email == "asha@müller.example"


def test_a_new_sender_joins_the_organisation_of_their_domain_and_of_no_other(desk):
    company = make_organisation(desk)
    Organisation.objects.filter(pk=company.pk).update(domains=["faß.de"])
    assert find_or_make_contact(desk, "email", "esther@xn--fa-hia.de").organisation == company
    assert find_or_make_contact(desk, "email", "esther@fass.de").organisation is None


def test_a_list_knows_who_is_there_by_either_form(desk):
    find_or_make_contact(desk, "email", LETTERS, name="Chitra")
    [line] = judge(desk, [Given(2, {"mail": ASCII, "name": "Chitra"}, {})])
    assert line.verdict != "added"


@pytest.mark.parametrize("way", ["code", "letter"])
def test_mail_for_one_domain_never_leaves_for_the_one_it_folds_to(desk, sink, settings, way):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    find_or_make_contact(desk, "email", "esther@faß.de")
    if way == "code":
        mail_code(
            ask_for_code("esther@faß.de", "en", network="192.0.2.1", at=timezone.now()).number
        )
    else:
        hand_over("it@harbour.example", "esther@faß.de", b"Subject: Printer\r\n\r\nDone.\r\n")
    assert [to for _from, to, _raw in sink.got] == [["esther@xn--fa-hia.de"]]


def test_what_was_kept_in_another_form_is_found_after_the_upgrade(desk):
    chitra, dev = make_contact(desk, "Chitra"), make_contact(desk, "Dev")
    chitra.identities.filter(channel="email").update(identifier="chitra@xn--mller-kva.example")
    add_way(dev, "email", "dev@faß.de")
    dev.identities.create(desk=desk, channel="email", identifier="dev@xn--fa-hia.de")
    user = User.objects.create(email="asha@xn--mller-kva.example")
    company = make_organisation(desk)
    Organisation.objects.filter(pk=company.pk).update(domains=["gov.in", "xn--fa-hia.de"])
    import_module("deskbook.migrations.0045_addresses_in_one_form").write_in_one_form(apps, None)
    user.refresh_from_db()
    company.refresh_from_db()
    assert contact_by(desk, "email", LETTERS) == chitra
    assert contact_by(desk, "email", "dev@faß.de") == dev
    assert user.email == "asha@müller.example"
    assert company.domains == ["gov.in", "faß.de"]


def test_a_caller_is_known_by_the_address_they_spell_out_in_either_form(desk):
    chitra = find_or_make_contact(desk, "email", LETTERS, name="Chitra")
    assert caller_typed(make_agent(desk), {"caller": ASCII}) == chitra
