"""Amounts read as they are spoken, and are written back the shortest way."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.engine.amounts import (
    AmountError,
    BusinessDays,
    CalendarPeriod,
    CalendarTime,
    EndOfBusinessDay,
    OpenTime,
    format_amount,
    parse_amount,
)


@pytest.mark.parametrize(
    ("spoken", "amount"),
    [
        ("45m", OpenTime(timedelta(minutes=45))),
        ("2h", OpenTime(timedelta(hours=2))),
        ("1h30m", OpenTime(timedelta(minutes=90))),
        ("1 h 30 min", OpenTime(timedelta(minutes=90))),
        ("2 hours", OpenTime(timedelta(hours=2))),
        ("1.5h", OpenTime(timedelta(minutes=90))),
        ("90s", OpenTime(timedelta(seconds=90))),
        ("0m", OpenTime(timedelta())),
        ("3d", CalendarTime(timedelta(days=3))),
        ("3 days", CalendarTime(timedelta(days=3))),
        ("2bd", BusinessDays(Fraction(2))),
        ("2 business days", BusinessDays(Fraction(2))),
        ("1/2 bd", BusinessDays(Fraction(1, 2))),
        ("½ bd", BusinessDays(Fraction(1, 2))),
        ("1½bd", BusinessDays(Fraction(3, 2))),
        ("0.5bd", BusinessDays(Fraction(1, 2))),
        ("1 1/2 bd", BusinessDays(Fraction(3, 2))),
        ("End of Day", EndOfBusinessDay(1)),
        ("end of 3bd", EndOfBusinessDay(3)),
        ("1w", CalendarPeriod(weeks=1, months=0)),
        ("2mo", CalendarPeriod(weeks=0, months=2)),
        ("1 month 2 weeks", CalendarPeriod(weeks=2, months=1)),
    ],
)
def test_an_amount_reads_as_it_is_spoken(spoken, amount) -> None:
    assert parse_amount(spoken) == amount


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("", "is empty"),
        ("soon", "is not an amount of time"),
        ("2", "is not an amount of time"),
        ("-2h", "is not an amount of time"),
        ("2h tomorrow", "is not an amount of time"),
        ("٢h", "is not an amount of time"),
        ("1d 2h", "mixes kinds of time"),
        ("1/0 bd", "divides by zero"),
        ("end of 0bd", "the first business day is 1"),
        ("1/2 mo", "whole weeks and months"),
        ("1000000h", "longer than a hundred years"),
        ("1/7h", "whole number of microseconds"),
    ],
)
def test_what_is_no_amount_is_refused_with_what_was_read_and_the_legal_forms(wrong, why) -> None:
    with pytest.raises(AmountError) as refusal:
        parse_amount(wrong)
    assert f"'{wrong}'" in str(refusal.value)
    assert why in str(refusal.value)
    assert "1/2 bd" in str(refusal.value)


@pytest.mark.parametrize(
    "shortest",
    [
        *("2h", "45m", "1h30m", "1m30s", "0m", "3d", "2bd", "1/2 bd", "1 1/2 bd"),
        *("end of day", "end of 3bd", "1w", "2mo", "1mo 1w"),
    ],
)
def test_the_shortest_spoken_form_is_written(shortest) -> None:
    assert format_amount(parse_amount(shortest)) == shortest


spans_of_time = st.integers(0, 10**12).map(lambda micros: timedelta(microseconds=micros))
any_amount = st.one_of(
    spans_of_time.map(OpenTime),
    st.integers(0, 400).map(lambda days: CalendarTime(timedelta(days=days))),
    st.fractions(0, 400, max_denominator=60).map(BusinessDays),
    st.integers(1, 400).map(EndOfBusinessDay),
    st.builds(CalendarPeriod, weeks=st.integers(0, 99), months=st.integers(0, 99)),
)


@given(any_amount)
def test_what_is_written_reads_back_as_the_same_amount(amount) -> None:
    assert parse_amount(format_amount(amount)) == amount


@given(st.text(max_size=60))
def test_any_other_text_gives_an_amount_or_a_sentence(text) -> None:
    try:
        parse_amount(text)
    except AmountError as refusal:
        assert str(refusal)
