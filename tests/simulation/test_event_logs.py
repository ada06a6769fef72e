"""Logs for those who mine processes: what happened and when, and nothing anybody wrote."""

import io
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from deskbook.lives.life import lives
from deskbook.simulation.event_logs import Case, write_log, write_ocel, write_xes
from deskbook.simulation.run import Plan, logged, run
from deskbook.simulation.tally import Measure
from tests.lives.test_life import MONTH, scene_of
from tests.simulation import lines

XES = "{http://www.xes-standard.org/}"


def xes(desk, cases):
    out = io.BytesIO()
    write_xes(out, desk, cases)
    return ElementTree.fromstring(out.getvalue())


def ocel(desk, cases):
    out = io.BytesIO()
    write_ocel(out, desk, cases)
    return json.loads(out.getvalue())


def values(element):
    return {child.get("key"): child.get("value") for child in element if child.get("key")}


@pytest.fixture(scope="module")
def month():
    scene = scene_of("sparkrock")
    lived = [life for life, _ in zip(lives(scene, MONTH, seed=2), range(60), strict=False)]
    cases = [Case(f"S-{n}", life.state, life.entries) for n, life in enumerate(lived, start=1)]
    return scene.desk, cases


def test_each_case_is_a_trace_of_all_that_happened_to_it_in_order(month):
    desk, cases = month
    traces = xes(desk, cases).findall(f"{XES}trace")
    assert [values(trace)["concept:name"] for trace in traces] == [case.number for case in cases]
    for trace, case in zip(traces, cases, strict=True):
        events = [values(event) for event in trace.findall(f"{XES}event")]
        at = [datetime.fromisoformat(event["time:timestamp"]) for event in events]
        for told_at, entry in zip(at, case.log, strict=True):
            assert timedelta() <= entry.at - told_at < timedelta(milliseconds=1)
        assert events[0]["concept:name"] == "Opened"
        assert all(event["lifecycle:transition"] == "complete" for event in events)


def test_both_forms_say_the_same(month):
    desk, cases = month
    traces = xes(desk, cases)
    of_xes = Counter(values(event)["concept:name"] for event in traces.iter(f"{XES}event"))
    told = ocel(desk, cases)
    assert of_xes == Counter(event["type"] for event in told["events"])
    assert len(of_xes) > 8


def test_whatever_an_object_log_names_it_declares(month):
    told = ocel(*month)
    objects = {one["id"]: one["type"] for one in told["objects"]}
    assert len(objects) == len(told["objects"])
    assert set(objects.values()) == {"case", "agent", "team"}
    assert {event["type"] for event in told["events"]} == {t["name"] for t in told["eventTypes"]}
    assert set(objects.values()) <= {t["name"] for t in told["objectTypes"]}
    declared = {t["name"]: {a["name"] for a in t["attributes"]} for t in told["eventTypes"]}
    assert len({event["id"] for event in told["events"]}) == len(told["events"])
    for event in told["events"]:
        assert {fact["name"] for fact in event["attributes"]} <= declared[event["type"]]
        assert {one["objectId"] for one in event["relationships"]} <= set(objects)
        assert any(one["qualifier"] == "about" for one in event["relationships"])


def test_no_words_no_message_and_no_requester_leaves(month):
    desk, cases = month
    out = io.BytesIO()
    write_xes(out, desk, cases)
    write_ocel(out, desk, cases)
    text = out.getvalue().decode()
    for name in ("message", "requester=", "reason", "reference", "words", "organisation"):
        assert f'"{name}"' not in text
    assert "contact 1" not in text


def test_a_log_without_a_case_is_whole_too(month):
    desk, _ = month
    assert xes(desk, []).findall(f"{XES}trace") == []
    assert ocel(desk, [])["events"] == ocel(desk, [])["objects"] == []


def test_what_no_xml_holds_does_not_break_the_file(month):
    desk, cases = month
    bad = cases[0]._replace(number="S-\x00\ud800<&>\"'")
    [trace] = xes(desk, [bad]).findall(f"{XES}trace")
    assert values(trace)["concept:name"] == "S-\ufffd\ufffd<&>\"'"


def test_the_first_run_of_a_simulation_is_what_its_log_tells(tmp_path):
    plan = Plan(lines.desk(), lines.load(until="2026-01-06", channel="email"))
    cases = list(logged(plan))
    counted = run(plan, 1).measures
    in_time = [case for case in cases if case.ticket.opened_at >= plan.load.counted_from_at]
    assert len(in_time) == counted[Measure("came", ("email",))] > 100
    assert write_log(tmp_path / "run.xes", plan.desk, cases) == len(cases)
    assert write_log(tmp_path / "run.json", plan.desk, cases) == len(cases)
    assert (tmp_path / "run.xes").read_bytes().startswith(b"<?xml")
    assert json.loads((tmp_path / "run.json").read_bytes())["events"][0]["type"] == "Opened"
    assert cases[0].log[0].at >= datetime(2026, 1, 5, tzinfo=UTC)
