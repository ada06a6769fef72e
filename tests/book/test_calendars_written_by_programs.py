"""A calendar alone, in the other ways one may write it."""

import pytest

from deskbook.book.load import load_calendar

WEEK = 'zone: America/Toronto\nmon-fri: ["08:00-12:00", "13:00-20:00"]\n'


def closures(text):
    return [(c.from_at.isoformat(), c.until_at.isoformat()) for c in load_calendar(text).closures]


@pytest.mark.parametrize(
    "closed",
    [
        "closed: { 2026-12-24 12:00-24:00: Eve }",
        'closed: ["2026-12-24 12:00-24:00"]',
        "closed: [{ on: 2026-12-24, hours: 12:00-24:00, name: Eve }]",
        "closed: { from: 2026-12-24T12:00, until: 2026-12-24T24:00 }",
    ],
)
def test_a_half_day_is_closed_however_it_is_written(closed):
    assert closures(WEEK + closed) == [("2026-12-24T12:00:00", "2026-12-25T00:00:00")]


def test_a_zone_may_stand_beside_the_hours_it_belongs_to():
    text = "zone: America/Toronto\nclosed: [2026-12-25]\nhours: { mon-fri: 08:00-20:00 }\n"
    assert load_calendar(text).zone == "America/Toronto"
    assert len(closures(text)) == 1
