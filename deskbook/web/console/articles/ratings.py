"""What requesters said of how their cases ended, the latest first: where findings begin."""

from datetime import timedelta

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deskbook.people.access import seen_by
from deskbook.people.models import Agent
from deskbook.tickets.improvement_models import Rating
from deskbook.tickets.ratings import value_titles
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.improvement_facts import TONES
from deskbook.web.shared.entering import for_agents

MOST = 100
COUNTED = timedelta(days=90)


@require_safe
@for_agents
def ratings(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The latest ratings, those of one answer (`?value=bad`), and how many there were of each in
    the last 90 days.
    """
    chosen = request.GET.get("value", "")
    everything = seen_by(agent, Rating.objects.filter(ticket__desk=agent.desk_id), "ticket__")
    latest = everything.filter(at__gt=timezone.now() - COUNTED).order_by()
    counts = dict(latest.values("value").annotate(n=Count("pk")).values_list("value", "n"))
    rows = everything.filter(value=chosen) if chosen in Rating.Value else everything
    shown = rows.select_related("ticket__desk", "contact").defer("ticket__state", "ticket__search")
    answers = [
        (value, title, TONES[value], counts.get(value, 0)) for value, title in value_titles()
    ]
    return screen(
        request,
        agent,
        "ratings.html",
        current="improvements",
        chosen=chosen,
        answers=answers,
        titles=dict(value_titles()),
        tones=TONES,
        rows=list(shown.order_by("-at", "-pk")[:MOST]),
        days=COUNTED.days,
    )
