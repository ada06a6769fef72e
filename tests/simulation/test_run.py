"""A simulated desk waits as long as theory says, and works when it is there."""

from datetime import UTC, datetime, time
from itertools import pairwise

import pytest

from deskbook.simulation.run import Plan, Run, run
from deskbook.simulation.tally import Measure, Within
from tests.simulation import lines

PHONE = ("phone",)


@pytest.mark.parametrize(("per_week", "people"), [(1210, 2), (1800, 3)])
def test_people_on_the_phone_wait_as_long_as_erlang_says(per_week, people):
    measures = lines.lived(lines.load(perweek=per_week, count=people))
    wait = lines.wait_of(measures)
    expected = 60 * lines.erlang_c(per_week / 7 / 24 / 60, 10, people)
    assert wait.low <= expected <= wait.high
    assert (wait.high - wait.low) / expected < 1, "too wide to say anything"


def test_as_many_give_up_as_palm_says():
    load = lines.load(perweek=3024, count=3, more="patience: { phone: 5m }\n")
    measures = lines.lived(load, runs=2)
    gave_up, came = (measures[Measure(what, PHONE)].mean for what in ("gave up", "came"))
    expected = lines.erlang_a(3024 / 7 / 24 / 60, 10, 3, 5)
    assert 0.1 < expected < 0.4
    assert gave_up / came == pytest.approx(expected, rel=0.1)


def test_people_are_as_busy_as_what_comes_gives_them_to_do():
    measures = lines.lived(lines.load(), runs=3)
    share = measures[Measure("utilisation", ("desk",))]
    assert share.low <= 1800 / 7 / 24 / 60 * 10 / 3 <= share.high


def test_one_person_with_three_chats_serves_as_three_people_would():
    one = lines.lived(
        lines.load(
            lines.LOAD.replace("COUNT", "1, chats: 3"), channel="live chat", until="2026-01-07"
        ),
        runs=1,
    )
    three = lines.lived(lines.load(channel="live chat", until="2026-01-07"), runs=1)
    assert lines.wait_of(one, "live chat") == lines.wait_of(three, "live chat")


def test_the_same_seed_gives_the_same_numbers_and_another_gives_others():
    plan = Plan(lines.desk(), lines.load(until="2026-01-06"), seed=7)
    assert run(plan, 1) == run(plan, 1)
    assert run(plan, 1) != run(plan, 2)
    assert run(plan, 1) != run(Plan(plan.desk, plan.load, seed=8), 1)


def worked(load, hours):
    lived = Run(Plan(lines.desk(hours), load), 1, lambda share: None)
    lived.lived()
    return lived.hands.worked


def test_nobody_works_outside_their_hours():
    load = lines.load(hours="day", channel="email", perweek=200, takes="30m", count=4)
    stretches = worked(load, "day")
    assert len(stretches) > 20
    for _, from_at, until_at in stretches:
        assert from_at.weekday() < 5 and from_at.date() == until_at.date()
        assert time(9) <= from_at.time() < until_at.time() <= time(17)


def test_a_call_at_the_end_of_the_day_goes_on_when_its_person_is_back():
    load = lines.load(hours="day", perweek=100, takes="always 3h", count=2)
    stretches = worked(load, "day")
    assert all(until_at.time() <= time(17) for _, _, until_at in stretches)
    assert any(from_at.time() == time(9) for _, from_at, _ in stretches), "what was left lies there"


def test_nobody_has_two_calls_at_a_time():
    lived = Run(Plan(lines.desk(), lines.load(until="2026-01-06")), 1, lambda share: None)
    lived.lived()
    by_name = {}
    for name, from_at, until_at in lived.hands.worked:
        by_name.setdefault(name, []).append((from_at, until_at))
    assert len(by_name) == 3
    for stretches in by_name.values():
        assert all(first[1] <= then[0] for first, then in pairwise(sorted(stretches)))


def test_people_on_leave_do_nothing():
    on_leave = "count: COUNT, leave: 2026-01-06 to 2026-01-07"
    load = lines.load(lines.LOAD.replace("count: COUNT", on_leave), until="2026-01-08")
    away_at, back_at = datetime(2026, 1, 6, tzinfo=UTC), datetime(2026, 1, 8, tzinfo=UTC)
    assert not any(a < back_at and b > away_at for _, a, b in worked(load, "always"))


def test_who_calls_while_it_is_closed_is_not_served():
    text = lines.LOAD.replace("during: HOURS", "during: always")
    measures = lines.lived(lines.load(text, hours="day", perweek=500), "day", runs=1)
    assert measures[Measure("closed", PHONE)].mean > 300
    assert measures[Measure("came", PHONE)].mean > measures[Measure("served", PHONE)].mean


def test_a_mail_of_the_night_is_read_in_the_morning():
    text = lines.LOAD.replace("during: HOURS", "during: always")
    load = lines.load(text, hours="day", perweek=300, channel="email")
    measures = lines.lived(load, "day", runs=1)
    assert Measure("closed", ("email",)) not in measures
    assert lines.wait_of(measures, "email").mean > 3600


@pytest.mark.parametrize("seed", [1, 2])
def test_more_people_never_keep_clearly_fewer_promises(seed):
    kept = []
    for people in (2, 3, 5):
        load = lines.load(hours="day", channel="email", perweek=500, takes="12m", count=people)
        measures = lines.lived(load, "day", runs=1, seed=seed)
        kept.append(measures[Measure("met", ("response", "*", "*"))].mean)
    assert all(fewer <= more + 0.005 for fewer, more in pairwise(kept))
    assert kept[0] < 0.9 < kept[-1]


def test_how_many_are_taken_within_a_time_is_counted_with_those_who_gave_up():
    load = lines.load(perweek=3024, count=3, more="patience: { phone: 5m }\n")
    within = lines.lived(load, runs=1, within=(Within("phone", 0), Within("phone", 1e9)))
    at_once, ever = (within[Measure("within", ("phone", said))].mean for said in ("0", "1e+09"))
    gave_up, came = (within[Measure(what, PHONE)].mean for what in ("gave up", "came"))
    assert at_once < 0.6
    assert ever == pytest.approx(1 - gave_up / came, abs=0.01)


def test_a_limit_read_off_the_clocks_at_the_end_is_the_one_time_would_have_recorded():
    """A book by which time hands cases up wakes each case at every limit; one without does not."""
    wakeful = lines.BOOK.replace("levels: { first: ,", "levels: { first: { hands up after: 60d },")
    wakeful, usual = lines.desk("day", wakeful), lines.desk("day")
    text = lines.LOAD.replace("takes: TAKES", "takes: TAKES, hands on: 20%, asks: 20%")
    load = lines.load(text, hours="day", channel="email", perweek=300, takes="20m", count=3)
    measures = run(Plan(wakeful, load), 1).measures
    assert measures == run(Plan(usual, load), 1).measures
    assert 0 < measures[Measure("met", ("response", "*", "*"))] < 1


def test_time_hands_up_what_nobody_takes():
    book = lines.BOOK.replace("levels: { first: ,", "levels: { first: { hands up after: 2h },")
    text = lines.LOAD + "  - { team: experts, count: 2, hours: HOURS }\n"
    load = lines.load(text, hours="day", channel="email", perweek=300, takes="30m", count=1)
    helped = run(Plan(lines.desk("day", book), load), 1).measures
    alone = run(Plan(lines.desk("day"), load), 1).measures
    experts = Measure("busy", ("experts",))
    assert alone.get(experts, 0.0) == 0.0 < helped[experts]
    assert helped[Measure("backlog")] < alone[Measure("backlog")]


GIVEN = """
rosters:
  - { team: desk, during: HOURS, at least: 1, assign: WAY }
"""


class Owners(Run):
    """A run that notes who was given what, and who did it."""

    __slots__ = ("did",)

    def _takes(self, person, case, kind, at):
        self.did = [*getattr(self, "did", ()), (case.number, case.lived.owner, person.actor.id)]
        super()._takes(person, case, kind, at)


def given(way, people="count: 3", **words):
    book = lines.BOOK + GIVEN.replace("WAY", way)
    text = lines.LOAD.replace("count: COUNT", people)
    words = {"hours": "day", "channel": "email", "perweek": 300, "takes": "12m", **words}
    lived = Owners(Plan(lines.desk("day", book), lines.load(text, **words)), 1, lambda share: None)
    lived.lived()
    return lived


@pytest.mark.parametrize("way", ["round robin", "least loaded"])
def test_where_the_book_gives_cases_only_who_has_one_works_on_it(way):
    did = given(way).did
    assert len(did) > 200
    assert all(owner == person for _, owner, person in did)
    shares = [sum(person == str(n) for _, _, person in did) / len(did) for n in (1, 2, 3)]
    assert max(shares) - min(shares) < 0.1, "and each gets as many"


def test_cases_that_are_given_wait_longer_than_those_that_are_taken():
    """Somebody may be free while another has two: the price of a case having an owner at once."""
    text = lines.LOAD
    words = {"hours": "day", "channel": "email", "perweek": 500, "takes": "12m", "count": 3}
    taken = run(Plan(lines.desk("day"), lines.load(text, **words)), 1).measures
    in_turn = given("round robin", perweek=500).tally.counted().measures
    least = given("least loaded", perweek=500).tally.counted().measures
    wait = Measure("wait", ("email",))
    assert taken[wait] < least[wait] < in_turn[wait]


def test_what_came_by_night_is_given_to_the_whole_shift():
    text = lines.LOAD.replace("during: HOURS", "during: always")
    book = lines.BOOK + GIVEN.replace("WAY", "round robin")
    load = lines.load(text, hours="day", channel="email", perweek=200, takes="always 5m", count=4)
    lived = Owners(Plan(lines.desk("day", book), load), 1, lambda share: None)
    lived.lived()
    shares = [sum(person == str(n) for _, _, person in lived.did) for n in (1, 2, 3, 4)]
    assert min(shares) > 0.8 * max(shares)


def test_a_case_that_comes_back_while_its_owner_is_off_goes_to_who_is_on():
    """Asha works Monday to Wednesday, the others all week."""
    text = lines.LOAD.replace("takes: TAKES", "takes: TAKES, asks: 100%").replace(
        "count: COUNT, hours: HOURS }",
        "name: Asha, hours: { mon-wed: 09:00-17:00 } }\n"
        "  - { team: desk, name: Bala, hours: { mon-fri: 09:00-17:00 } }",
    )
    more = "requesters: { answer after: always 1d }\n"
    book = lines.BOOK + GIVEN.replace("WAY", "round robin")
    load = lines.load(text, "day", more, channel="email", perweek=100)
    lived = Owners(Plan(lines.desk("day", book), load), 1, lambda share: None)
    lived.lived()
    by_case = {}
    for number, _, person in lived.did:
        by_case.setdefault(number, []).append(person)
    assert ["1", "2"] in by_case.values(), "Bala goes on with what Asha began"
    assert ["1", "1"] in by_case.values(), "who is back in time has it still"
