"""Programs of others hear of what happens at a desk: signed, in order, as often as it takes, and
again from the log; and of no word that somebody wrote.
"""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import Webhook as Verifier

from deskbook.bridges.webhooks.hooks import MOST, Asked, make_webhook
from deskbook.bridges.webhooks.models import Webhook, WebhookCall
from deskbook.bridges.webhooks.replaying import replay, tell_again
from deskbook.bridges.webhooks.telling import TRIED_FOR, tell, tell_due
from deskbook.delivery.endpoints import end_connected, make_new_secret
from deskbook.delivery.patience import SHORTEST_PAUSE
from deskbook.delivery.states import State
from deskbook.jobs.mirroring import mirror_every_kind
from deskbook.jobs.reactions import react
from deskbook.people import outward
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import answer_ticket, note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.tags import tag_ticket
from tests.channels.app.other_system import running_system
from tests.moving.elsewhere import brought, in_file, small_desk
from tests.people_factory import make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
IMPORTED = "71,Printer,chitra@school.example,2024-03-04 10:00,,Open,Urgent,Front,question,asha@small.example,,,,It hums."
IMPORTED_ANSWER = "71,,,,,,,,,,answer,asha@small.example,2024-03-05 11:00,We look."


@pytest.fixture
def desk(db):
    return make_desk("sparkrock")


@pytest.fixture
def olga(desk):
    return make_agent(desk, "Olga", "owner")


@pytest.fixture
def there(settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.0/8",)
    with running_system() as running:
        yield running


@pytest.fixture
def connect(olga, there):
    """Return a function that has a program told of these kinds."""

    def connected(*kinds, name="Warehouse", address=None):
        asked = Asked(name, address or there.address, kinds)
        return make_webhook(olga, asked, at=timezone.now())

    return connected


@pytest.fixture
def case(desk):
    chitra = make_contact(desk, "Chitra")
    new = NewCase("Printer is on fire", Written("Water, quick."), "portal")
    return open_ticket(chitra, new, at=timezone.now(), by=chitra).ticket


def followed(case):
    """Do what follows from all of a case, as the worker does."""
    case.refresh_from_db()
    react(case.pk, 1, case.seq)
    for job in ProcrastinateJob.objects.filter(task_name="mirror_every_kind", status="todo"):
        mirror_every_kind(**job.args)


def kinds(there):
    return [event["type"] for event in there.told]


def test_a_program_hears_of_every_kind_in_the_order_of_the_log(case, olga, connect, there):
    hook, _secret = connect()
    note_on_ticket(case, Written("Called the fire brigade."), at=timezone.now(), by=olga)
    followed(case)
    log = [entry.kind for entry in case.log.order_by("seq")]
    assert tell(hook.pk) == len(log)
    assert kinds(there) == log
    assert "Opened" in log
    assert "Noted" in log


def test_a_tag_alone_is_heard_of_although_nothing_else_follows_from_it(case, olga, connect):
    connect("Tagged")
    ProcrastinateJob.objects.all().delete()
    tag_ticket(case, ("k12",), (), at=timezone.now(), by=olga)
    [job] = ProcrastinateJob.objects.filter(task_name="react")
    react(**job.args)
    assert WebhookCall.objects.get().entry.kind == "Tagged"


def test_a_desk_without_webhooks_queues_nothing_for_a_tag(case, olga):
    ProcrastinateJob.objects.all().delete()
    tag_ticket(case, ("k12",), (), at=timezone.now(), by=olga)
    assert not ProcrastinateJob.objects.exists()


def test_it_is_told_only_of_the_kinds_it_chose(case, olga, connect, there):
    hook, _secret = connect("Answered", "no such kind")
    assert hook.kinds == ["Answered"]
    answer_ticket(case, Written("It is out."), at=timezone.now(), by=olga)
    followed(case)
    tell(hook.pk)
    assert kinds(there) == ["Answered"]


def test_what_it_is_told_is_signed_and_holds_ids_and_no_word_anybody_wrote(
    case, olga, connect, there, settings
):
    hook, secret = connect()
    answer_ticket(case, Written("Take the stairs."), at=timezone.now(), by=olga)
    followed(case)
    tell(hook.pk)
    headers = next(one for one in there.headers if b'"Answered"' in one["body"])
    told = Verifier(secret).verify(headers["body"], headers)
    entry = case.log.get(kind="Answered")
    assert told["timestamp"] == entry.at.isoformat()
    assert told["data"] == {
        "entry": entry.pk,
        "seq": entry.seq,
        "desk": "sparkrock",
        "ticket": str(case),
        "by": {"kind": "agent", "id": str(olga.pk)},
        "facts": entry.data,
        "ticket_address": f"{settings.DESKBOOK_SITE_URL}/api/v1/tickets/{case}",
    }
    everything = json.dumps(there.told)
    for word in ("stairs", "fire", "Water", "Chitra", "Olga"):
        assert word not in everything


def test_another_desk_is_not_heard_of(case, connect):
    connect()
    other = make_desk("mukta")
    noor = make_contact(other, "Noor")
    new = NewCase("Water", Written("None since Monday"), "phone")
    theirs = open_ticket(noor, new, at=timezone.now(), by=noor).ticket
    followed(theirs)
    assert not WebhookCall.objects.exists()


def test_asked_twice_it_is_told_once(case, connect, there):
    hook, _secret = connect("Opened")
    followed(case)
    followed(case)
    assert tell(hook.pk) == 1
    assert tell(hook.pk) == 0
    assert len(there.told) == 1


def test_both_secrets_sign_until_the_old_one_is_over(case, connect, there):
    hook, secret = connect("Opened")
    new = make_new_secret(hook, at=timezone.now())
    followed(case)
    tell(hook.pk)
    headers = there.headers[0]
    for one in (secret, new):
        Verifier(one).verify(headers["body"], headers)


def test_what_is_not_taken_waits_and_the_answer_is_kept(case, connect, there):
    there.statuses, there.more = [503], {"Retry-After": "60"}
    hook, _secret = connect("Opened")
    followed(case)
    assert tell(hook.pk) == 0
    call = WebhookCall.objects.get()
    assert (call.state, call.status) == (State.WAITING, 503)
    assert in_words(call.reason) == "The system answered 503."
    ProcrastinateJob.objects.all().delete()
    assert tell_due(at=call.next_try_at - timedelta(seconds=1)) == 0
    assert tell_due(at=call.next_try_at) == 1
    tell(hook.pk, at=call.next_try_at)
    call.refresh_from_db()
    assert (call.state, call.status, call.attempts) == (State.HANDED_OVER, 200, 2)
    assert len({headers["webhook-id"] for headers in there.headers}) == 1


def test_a_dead_address_is_asked_once_a_pause_however_much_happens(case, olga, connect, there):
    there.statuses = [503] * 9
    hook, _secret = connect()
    followed(case)
    later = timezone.now() + timedelta(hours=1)
    for number in range(6):
        note_on_ticket(case, Written(f"Note {number}"), at=timezone.now(), by=olga)
        followed(case)
        tell(hook.pk, at=later + timedelta(seconds=10 * number))
    assert len(there.headers) == 4, "at 0, 10, 20 and 40 seconds: the pauses double"


def test_what_is_refused_holds_up_nothing(case, connect, there):
    there.statuses = [422]
    hook, _secret = connect()
    followed(case)
    tell(hook.pk)
    first, *others = WebhookCall.objects.order_by("entry")
    assert (first.state, first.status) == (State.BOUNCED, 422)
    assert {one.state for one in others} == {State.HANDED_OVER}


def test_after_three_days_it_is_given_up_and_the_webhook_says_so(case, connect, there):
    there.statuses = [500] * 9
    hook, _secret = connect()
    followed(case)
    tell(hook.pk)
    tell_due(at=timezone.now() + TRIED_FOR)
    assert set(WebhookCall.objects.values_list("state", flat=True)) == {State.GIVEN_UP}
    assert all(WebhookCall.objects.values_list("reason", flat=True))
    hook.refresh_from_db()
    assert in_words(hook.trouble) == "The system answered 500."
    assert ProcrastinateJob.objects.filter(task_name="alert_service_trouble").count() == 1


def test_an_address_that_moved_is_said_to_leads_at_once(case, connect, there):
    there.statuses = [410]
    hook, _secret = connect("Opened")
    followed(case)
    tell(hook.pk)
    hook.refresh_from_db()
    assert "410" in in_words(hook.trouble)
    tell(hook.pk, at=timezone.now() + timedelta(hours=1))
    hook.refresh_from_db()
    assert hook.trouble == ""


def test_it_is_told_again_all_since_an_instant_under_the_same_ids(case, connect, there):
    hook, _secret = connect()
    since = timezone.now() - timedelta(minutes=1)
    assert replay(hook, since, at=timezone.now()) == case.log.count(), "what was before it was made"
    tell(hook.pk)
    again = replay(hook, since, at=timezone.now())
    tell(hook.pk)
    assert again == case.log.count()
    ids = [headers["webhook-id"] for headers in there.headers]
    assert ids[:again] == ids[again:]
    assert replay(hook, timezone.now(), at=timezone.now()) == 0


def test_what_came_from_another_system_is_not_told_again_but_what_was_done_here_is(there, tmp_path):
    desk = small_desk()
    asha = make_agent(desk, "Asha", "owner")
    brought(desk, in_file(tmp_path, IMPORTED, IMPORTED_ANSWER))
    case = LogEntry.objects.get(kind="Imported").ticket
    note_on_ticket(case, Written("Is it still so?"), at=timezone.now(), by=asha)
    asked = Asked("Depot", there.address)
    hook, _secret = make_webhook(asha, asked, at=timezone.now())
    assert replay(hook, timezone.now() - timedelta(days=1), at=timezone.now()) == 1
    tell(hook.pk)
    assert kinds(there) == ["Noted"]


def test_what_happens_now_goes_before_all_that_is_told_again(case, desk, connect, there):
    hook, _secret = connect()
    replay(hook, timezone.now() - timedelta(days=1), at=timezone.now())
    noor = make_contact(desk, "Noor")
    new = NewCase("Water", Written("None since Monday"), "phone")
    other = open_ticket(noor, new, at=timezone.now(), by=noor).ticket
    followed(other)
    tell(hook.pk)
    first = [event["data"]["ticket"] for event in there.told]
    assert first == [str(other)] * other.log.count() + [str(case)] * case.log.count()


def test_what_happens_now_on_a_case_waits_for_what_is_told_again_of_the_same(
    case, olga, connect, there
):
    hook, _secret = connect()
    replay(hook, timezone.now() - timedelta(days=1), at=timezone.now())
    note_on_ticket(case, Written("Seen."), at=timezone.now(), by=olga)
    followed(case)
    tell(hook.pk)
    assert kinds(there) == [entry.kind for entry in case.log.order_by("seq")]


def test_the_first_pause_is_short_however_long_an_event_waited_in_the_line(case, connect, there):
    there.statuses = [503]
    hook, _secret = connect()
    followed(case)
    later = timezone.now() + timedelta(hours=5)
    tell(hook.pk, at=later)
    hook.refresh_from_db()
    assert hook.not_before == later + SHORTEST_PAUSE


def test_more_than_is_told_again_at_once_is_refused_in_words(case, connect, monkeypatch):
    monkeypatch.setattr("deskbook.bridges.webhooks.replaying.MOST", 1)
    hook, _secret = connect()
    with pytest.raises(Refused) as refused:
        replay(hook, timezone.now() - timedelta(days=1), at=timezone.now())
    told = "More than 1 entries are told since then: choose a later time."
    assert in_words(refused.value) == told
    assert not WebhookCall.objects.exists()


def test_one_event_is_told_again(case, connect, there):
    hook, _secret = connect("Opened")
    followed(case)
    assert not tell_again(WebhookCall.objects.get(), at=timezone.now()), "it waits anyway"
    tell(hook.pk)
    assert tell_again(WebhookCall.objects.get(), at=timezone.now())
    tell(hook.pk)
    assert len(there.told) == 2


@pytest.fixture
def resting(case, connect, there):
    """Return a program that did not take the second of a case's entries, and rests."""
    there.statuses = [200, 503]
    hook, _secret = connect()
    followed(case)
    assert tell(hook.pk) == 1
    return hook


def test_who_rests_is_asked_at_once_when_all_since_an_instant_is_told_again(case, resting, there):
    now = timezone.now()
    assert replay(resting, now - timedelta(minutes=1), at=now) == case.log.count()
    tell(resting.pk)
    assert set(WebhookCall.objects.values_list("state", flat=True)) == {State.HANDED_OVER}


def test_who_rests_is_asked_at_once_when_one_event_is_told_again(resting):
    told = WebhookCall.objects.get(state=State.HANDED_OVER)
    assert tell_again(told, at=timezone.now())
    tell(resting.pk)
    assert set(WebhookCall.objects.values_list("state", flat=True)) == {State.HANDED_OVER}


def test_a_slow_program_holds_up_no_other_as_each_has_a_job_of_its_own(case, connect, there):
    hooks = [connect("Opened", name=name)[0] for name in ("Warehouse", "Depot")]
    followed(case)
    ProcrastinateJob.objects.all().delete()
    assert tell_due() == 2
    assert there.told == [], "it is the jobs that tell"
    jobs = ProcrastinateJob.objects.filter(task_name="tell_webhook").order_by("id")
    assert [job.args["webhook_id"] for job in jobs] == [hook.pk for hook in hooks]


def test_a_program_that_is_asked_every_minute_has_one_job_that_waits(case, connect):
    connect("Opened")
    followed(case)
    tell_due()
    tell_due()
    assert ProcrastinateJob.objects.filter(task_name="tell_webhook", status="todo").count() == 1


def test_one_that_ended_is_told_nothing(case, connect, there):
    hook, _secret = connect()
    followed(case)
    end_connected(hook, at=timezone.now())
    assert tell(hook.pk) == tell_due() == 0
    assert there.told == []


def test_addresses_of_private_networks_are_not_called(case, connect, settings, there):
    settings.DESKBOOK_PRIVATE_HOSTS = ()
    hook, _secret = connect("Opened")
    followed(case)
    tell(hook.pk)
    assert there.headers == []
    hook.refresh_from_db()
    assert "private network" in in_words(hook.trouble)


def test_a_redirect_is_not_followed(case, connect, there):
    there.statuses, there.more = [302], {"Location": there.address}
    hook, _secret = connect("Opened")
    followed(case)
    tell(hook.pk)
    assert len(there.headers) == 1
    assert WebhookCall.objects.get().status == 302


def test_closing_is_heard_of_after_all_before_it_also_when_it_was_queued_first(
    case, olga, connect, there
):
    hook, _secret = connect()
    close_ticket(case, at=timezone.now(), by=case.requester)
    closed = LogEntry.objects.get(ticket=case, kind="Closed")
    WebhookCall.objects.create(
        webhook=hook,
        entry=closed,
        ticket=case,
        queued_at=timezone.now(),
        next_try_at=timezone.now(),
    )
    followed(case)
    tell(hook.pk)
    assert kinds(there) == [entry.kind for entry in case.log.order_by("seq")]


def test_a_desk_has_so_many_and_each_a_name_of_its_own(connect, olga):
    connect()
    with pytest.raises(Refused, match="already"):
        connect()
    Webhook.objects.bulk_create(
        Webhook(desk=olga.desk, name=f"Hook {n}", secret="", made_at=timezone.now())
        for n in range(MOST - 1)
    )
    with pytest.raises(Refused, match="at most 50"):
        connect(name="One more")


def test_a_name_is_asked_for_before_anybody_waits_in_a_line_for_it(olga, monkeypatch):
    held = []

    def asked(*_args, **_more):
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
            )
            held.append(cursor.fetchone()[0])
        raise OSError("nobody knows it")

    monkeypatch.setattr(outward.socket, "getaddrinfo", asked)
    wanted = Asked("Warehouse", "https://hooks.example/a")
    make_webhook(olga, wanted, at=timezone.now())
    assert held == [0]
