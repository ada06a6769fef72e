"""What a machine that watches the desk asks: whether it lives, whether it can serve, and how it
does (docs/operating/watching.md).
"""

from collections.abc import Iterator
from secrets import compare_digest

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from deskbook.jobs.condition import MEASURES, condition


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Says that this process answers, whatever else may be away: who is told no starts it anew."""
    return _line("alive")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Says whether pages can be served from here: 503 while the database cannot be asked."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return _line("the database cannot be asked", status=503)
    return _line("ready")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Gives every reading in the text format of Prometheus to who has the token; to nobody where
    none is set.
    """
    token = settings.DESKBOOK_METRICS_TOKEN
    if not token:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not compare_digest(given.encode(), token.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(_Readings())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Readings(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        families = {
            name: GaugeMetricFamily(f"deskbook_{name}", measure.says, labels=measure.labels)
            for name, measure in MEASURES.items()
        }
        for reading in condition():
            families[reading.measure].add_metric(reading.about, reading.value)
        yield from families.values()


def _line(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
