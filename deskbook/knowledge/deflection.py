"""Whether an article spared somebody a case. Counted carefully: claims of this kind are easily too
high.

Somebody writing a case opens an article from the form. Their form is then sent (no deflection), or
it is not sent for a day after the last opening (one deflection, however many articles). Until then
nothing is said. What was only offered, or opened elsewhere, never counts. Who they are is not kept:
a key of their session tells readings apart.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from deskbook.knowledge.models import ArticleText, Reading
from deskbook.people.models import HelpDesk

DECIDED_AFTER = timedelta(days=1)
MOST_AN_HOUR = 2_000
"""Readings a desk keeps of one hour: an address that opens articles all day fills no table."""
PLACES = ("portal", "chat")
KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Deflections:
    """How writing a case ended for those who opened an article meanwhile."""

    opened: int
    sent: int
    deflected: int

    @property
    def undecided(self) -> int:
        return self.opened - self.sent - self.deflected


def note_opening(text: ArticleText, key: str, place: str, *, at: datetime) -> None:
    """Notes that whoever is writing under `key` opened an article; nothing for a key that is none,
    or was sent.
    """
    if not KEY.fullmatch(key) or place not in PLACES:
        return
    readings = Reading.objects.filter(desk=text.desk_id)
    known = readings.filter(key=key).first()
    if (
        known is None
        and readings.filter(opened_at__gt=at - timedelta(hours=1)).count() >= MOST_AN_HOUR
    ):
        return
    reading = (
        known
        or readings.get_or_create(
            key=key, desk_id=text.desk_id, defaults={"place": place, "opened_at": at}
        )[0]
    )
    if reading.sent_at is None:
        Reading.objects.filter(pk=reading.pk).update(opened_at=at)
        reading.texts.add(text)


def note_sent(desk: HelpDesk, key: str, *, at: datetime) -> None:
    """Notes that the case written under `key` was sent after all."""
    Reading.objects.filter(desk=desk, key=key, sent_at=None).update(sent_at=at)


def deflections(desk: HelpDesk, since_at: datetime, *, at: datetime) -> Deflections:
    """Returns how those ended whose last opening lies between `since_at` and `at`.

    A form sent more than a day after the last opening counts as deflected all the same: it was
    another matter.
    """
    readings = Reading.objects.filter(desk=desk, opened_at__gte=since_at, opened_at__lte=at)
    in_time = Q(sent_at__lte=F("opened_at") + DECIDED_AFTER)
    counted = readings.aggregate(
        opened=Count("pk"),
        sent=Count("pk", filter=in_time),
        deflected=Count(
            "pk", filter=Q(opened_at__lte=at - DECIDED_AFTER) & (Q(sent_at=None) | ~in_time)
        ),
    )
    return Deflections(counted["opened"], counted["sent"], counted["deflected"])
