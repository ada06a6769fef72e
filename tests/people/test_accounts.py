"""First sign-ins by a one-time code."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.people.account_models import SignInCode
from deskbook.people.accounts import awaiting_first_sign_in, in_groups, make_codes, use_code
from deskbook.people.contacts import find_or_make_contact
from tests.people_factory import MONDAY, make_agent, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def asha():
    return make_agent(make_desk("sparkrock"), "Asha")


def test_a_code_signs_in_once_however_it_is_typed(asha):
    code = in_groups(make_codes([asha], at=MONDAY)[asha.pk])
    assert len(code.split("-")) == 3
    assert use_code(code.lower().replace("-", " "), at=MONDAY) == asha
    assert use_code(code, at=MONDAY) is None


def test_a_code_is_good_for_two_weeks_and_until_the_next_one(asha):
    old = make_codes([asha], at=MONDAY)[asha.pk]
    new = make_codes([asha], at=MONDAY)[asha.pk]
    assert use_code(old, at=MONDAY) is None
    assert use_code(new, at=MONDAY + timedelta(days=15)) is None
    assert use_code("", at=MONDAY) is None
    assert new not in SignInCode.objects.get().code_hash


def test_a_code_of_somebody_switched_off_or_already_signed_in_does_not_work(asha):
    code = make_codes([asha], at=MONDAY)[asha.pk]
    asha.until = MONDAY
    asha.save()
    assert use_code(code, at=MONDAY) is None
    asha.until = None
    asha.save()
    asha.user.last_login = timezone.now()
    asha.user.save()
    assert use_code(code, at=MONDAY) is None


def test_codes_are_only_for_who_never_signed_in_and_is_nobody_elses(asha):
    owner = make_agent(asha.desk, "Esther", role="owner")
    known = make_agent(asha.desk, "Kofi")
    known.user.last_login = MONDAY
    known.user.save()
    other = make_desk("mukta")
    shared = make_agent(asha.desk, "Bala")
    shared.user.agents.create(desk=other)
    served = make_agent(asha.desk, "Chitra")
    find_or_make_contact(other, "email", served.user.email, sign_in=False)
    assert list(awaiting_first_sign_in(asha.desk, at=MONDAY)) == [asha]
    assert owner.user.last_login is None


def test_whoever_runs_the_desk_lets_the_owner_in_where_no_mail_leaves_yet():
    esther = make_agent(make_desk("sparkrock"), "Esther", role="owner")
    card = make_codes([esther], at=MONDAY)[esther.pk]
    assert use_code(card, at=MONDAY) is None
    card = make_codes([esther], at=MONDAY, by_operator=True)[esther.pk]
    assert use_code(card, at=MONDAY) == esther
    assert use_code(card, at=MONDAY) is None
