"""How many cases are in time, and what is owed for those that are not: read, proved, counted."""

from decimal import Decimal

import pytest

from deskbook.book.load import load_book
from deskbook.book.sums import read_credit, read_fee, read_money, read_percent
from deskbook.engine.money import Money, Part
from deskbook.engine.service_levels import Counted, credit_of, is_reached, may_be_missed, worked_out

DESK = (
    "deskbook: 1\nname: Harbour\nzone: Europe/Lisbon\nhours: { office: { mon-fri: 09:00-18:00 } }\n"
)
TWO = "severities: { S1: , S2: { default: yes } }\ntargets: [{ respond: 2h, resolve: 5bd }]\n"
MANY = f"{DESK}{TWO}service levels:\n"
LATE = f"{DESK}{TWO}compensation:\n"
WRONG = {
    "percent": f"{MANY}  - {{ name: a, at least: 120%, of: respond }}\n",
    "money": f"{LATE}  - {{ name: a, late: respond, pays: $5 }}\n",
    "same-name": (
        f"{MANY}  - {{ name: a, at least: 90%, of: respond }}\n"
        "  - { name: A, at least: 90%, of: resolve }\n"
    ),
    "level-no-target": f"{MANY}  - {{ name: a, at least: 90%, of: update }}\n",
    "same-level": (
        f"{MANY}  - {{ name: a, at least: 90%, of: respond }}\n"
        "  - { name: b, at least: 95%, of: respond }\n"
    ),
    "level-slower": (
        f"{MANY}  - {{ name: a, at least: 90%, of: respond, severity: S1 }}\n"
        "  - { name: b, at least: 95%, of: respond, severity: S2 }\n"
    ),
    "credit-above": (
        f"{MANY}  - {{ name: a, at least: 90%, of: respond, credits: [{{ below: 95%, gives: 5 EUR"
        " }] }\n"
    ),
    "credit-order": (
        f"{MANY}  - {{ name: a, at least: 90%, of: respond, credits: [{{ below: 90%, gives: 5 EUR"
        " }, { below: 80%, gives: 4 EUR }] }\n"
    ),
    "credit-of-whom": (
        f"{DESK}{TWO}plans: {{ gold: {{ fee: 1200 EUR a year }} }}\nservice levels:\n  - {{ name: a,"
        " at least: 90%, of: respond, credits: [{ below: 90%, gives: 5% of the fee }] }\n"
    ),
    "money-order": (
        f"{LATE}  - {{ name: a, late: respond, pays: 250 INR, each: 1d, at most: 50 INR }}\n"
    ),
    "money-endless": f"{LATE}  - {{ name: a, late: respond, pays: 5 INR, each: 23h }}\n",
    "late-update": f"{LATE}  - {{ name: a, late: Update, pays: 250 INR }}\n",
    "amount": f"{LATE}  - {{ name: a, late: respond, pays: 250 INR, each: end of day }}\n",
}


@pytest.mark.parametrize("code", WRONG)
def test_what_cannot_be_meant_is_found(code):
    assert code in {one.code for one in load_book(WRONG[code]).findings}


def test_nothing_is_owed_for_a_late_update_which_the_next_answer_would_end():
    book = f"{DESK}targets: [{{ update: 2h }}]\ncompensation:\n"
    (found,) = load_book(f"{book}  - {{ name: a, late: update, pays: 250 INR }}\n").findings
    assert "the next answer begins another" in found.message


@pytest.mark.parametrize(
    "least, within, found",
    [("90%", "limit", "level-no-target"), ("90%", "aim", "level-no-target")],
)
def test_a_recommended_time_or_one_without_an_aim_is_nothing_to_be_in_time_for(
    least, within, found
):
    targets = "targets: [{ resolve: 5bd, recommended: yes }]\n"
    book = f"{DESK}{targets}service levels: [{{ name: a, at least: {least}, of: resolve, within: {within} }}]\n"
    assert [one.code for one in load_book(book).findings] == [found]


def test_an_answer_promised_to_whatever_team_is_counted_of_all():
    teams = "teams: { front: , back: }\nrouting: { first: front }\n"
    book = f"{DESK}{teams}targets: [{{ answer: 1h }}]\nservice levels: [{{ name: a, at least: 90%, of: answer }}]\n"
    assert load_book(book).desk_or_raise().service_levels[0].teams == {"front", "back"}


def test_what_is_promised_to_a_team_is_no_promise_of_every_case():
    teams = "teams: { front: , back: }\nrouting: { first: front }\n"
    targets = "targets: [{ team: back, resolve: 1d }]\n"
    level = "service levels: [{ name: a, at least: 90%, of: resolve"
    book = f"{DESK}{teams}{targets}{level}"
    assert "level-no-target" in {one.code for one in load_book(f"{book} }}]\n").findings}
    assert not load_book(f"{book}, team: back }}]\n").findings


def test_sums_are_read_as_people_write_them():
    assert read_money("₹250") == read_money("INR 250") == read_money("250 inr")
    assert str(read_money("5,000.50 EUR")) == "5,000.50 EUR"
    assert read_credit("5% of the monthly fee") == Part(Decimal(5), "the monthly fee")
    assert str(read_fee("1,200 EUR per quarter")) == "1,200 EUR a quarter"
    assert read_percent("99.5 per cent") == Decimal("99.5")
    for wrong in ("$5", "5", "5 EUR 6", "EUR"):
        with pytest.raises(ValueError, match="currency"):
            read_money(wrong)
    for wrong in ("0%", "101%", "95"):
        with pytest.raises(ValueError, match="share"):
            read_percent(wrong)


def test_a_decimal_comma_is_refused_and_never_read_as_thousands():
    assert str(read_money("1,20,000 INR")) == "120,000 INR"
    assert str(read_money("1,234.50 EUR")) == "1,234.50 EUR"
    for wrong in ("1,23 EUR", "1,234,5 EUR", "1,234,50 EUR", "12,5 EUR"):
        with pytest.raises(ValueError, match="is no sum of money"):
            read_money(wrong)


def test_a_share_is_exact_at_its_edge_and_says_how_many_more_may_be_late():
    level = level_of("at least: 95%, of: respond")
    assert is_reached(level, Counted(19, 1)) is True
    assert is_reached(level, Counted(18, 1)) is False
    assert is_reached(level, Counted(0, 0, 3)) is None
    assert may_be_missed(level, Counted(10, 0, 10)) == 1
    assert may_be_missed(level, Counted(19, 1)) == 0
    assert may_be_missed(level, Counted(10, 3)) == -3


def test_what_was_counted_of_two_is_added_number_by_number():
    assert Counted(1, 2, 3) + Counted(4, 5, 6) == Counted(5, 7, 9)
    assert sum([Counted(1, 2), Counted(0, 0, 1)], Counted()) == Counted(1, 2, 1)
    assert sum([], Counted()) == Counted()


def test_a_third_of_a_fee_is_worked_out_to_the_cent_for_the_period():
    level = level_of(
        "at least: 95%, of: respond, over: quarter, for each: organisation,"
        " credits: [{ below: 95%, gives: 3.3% of the fee }, { below: 50%, gives: 10 EUR }]"
    )
    fee = read_fee("100.05 EUR a month")
    some, worse = credit_of(level, Counted(9, 1)), credit_of(level, Counted(1, 9))
    assert credit_of(level, Counted(19, 1)) is None
    assert worked_out(level, some, fee) == Money(Decimal("9.90"), "EUR")
    assert str(worked_out(level, some, None)) == "3.3% of the fee"
    assert worked_out(level, worse, fee) == Money(Decimal(10), "EUR")


def level_of(said):
    loaded = load_book(f"{MANY}  - {{ name: a, {said} }}\n")
    assert loaded.desk, loaded.findings
    return loaded.desk.service_levels[0]


LIMITS = {
    "limit-amount": [
        "{ of: reminders }",
        "{ of: reminders, most: 60 }",
        "{ time: 2h }",
        "{ most: 2, at a time: yes, each: week }",
        "{ most: 2, after: 3d }",
        "{ of: reminders, most: 2, beyond: taken }",
    ],
    "same-limit": [
        "{ most: 2 }, { most: 3 }",
        "{ most: 2, at a time: yes }, { of: reminders, most: 1 }, { most: 3, at a time: yes }",
    ],
    "limit-never": ["{ most: 2 }, { most: 3, severity: S1 }"],
    "limit-facets": ["{ most: 2, plan: gold }"],
}


@pytest.mark.parametrize("code, line", [(code, line) for code in LIMITS for line in LIMITS[code]])
def test_a_limit_of_a_person_that_cannot_be_meant_is_found(code, line):
    plans = "plans: { gold: }\n"
    findings = load_book(f"{DESK}{TWO}{plans}limits: [{line}]\n").findings
    assert code in {one.code for one in findings}, findings
