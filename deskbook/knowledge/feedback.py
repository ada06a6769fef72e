"""What readers thought of an article: helpful or not and why. Its author and the list of findings
get the reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from deskbook.knowledge.models import ArticleText, ArticleVote
from deskbook.knowledge.reasons import keep_findings
from deskbook.refusals.refusal import Refused

REASONS = ("unclear", "wrong", "outdated", "incomplete", "other matter", "too long")
LONGEST = 2_000
MOST_OF_AN_ADDRESS = 20
"""Votes on one article from one address on one day; an office behind one address is large enough
with it.
"""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reader said. `reasons` and `words` matter when it did not help."""

    helpful: bool
    reasons: Sequence[str] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Voter:
    """Who votes, told apart and not known: a hash of who they are, and one of the address it comes
    from.
    """

    visitor: str
    network: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    helpful: int
    not_helpful: int


def voter(who: str, address: str, *, at: datetime) -> Voter:
    """Returns the voter for a person or a browser and the address they come from; both are only
    kept as hashes.
    """
    return Voter(
        _hash("visitor", who), _hash("network", f"{at:%Y-%m-%d} {address}") if address else ""
    )


@transaction.atomic
def vote(text: ArticleText, opinion: Opinion, by: Voter, *, at: datetime) -> ArticleVote:
    """Keeps what a reader said of a published article; said again on the same day, it is changed,
    and words are put below those of before. Raises Refused.
    """
    if text.published_id is None:
        raise Refused("not published: taken back")
    _refuse_flood(text, by, at)
    place: dict[str, Any] = {"text": text, "visitor": by.visitor, "day": at.date()}
    before = ArticleVote.objects.select_for_update().filter(**place).first()
    words = _with_those_before(before, opinion.words.replace("\x00", "").strip())
    if len(words) > LONGEST:
        raise Refused("words too long", most=LONGEST)
    reasons = [reason for reason in REASONS if reason in opinion.reasons and not opinion.helpful]
    said = {
        "version_id": text.published_id,
        "helpful": opinion.helpful,
        "reasons": reasons,
        "network": by.network,
        "words": words,
        "at": at,
    }
    kept, _made = ArticleVote.objects.update_or_create(**place, defaults=said)
    keep_findings(kept, at=at)
    return kept


def _with_those_before(before: ArticleVote | None, words: str) -> str:
    """The form comes back empty: who adds something does not mean to take back what they said."""
    said = before.words if before else ""
    return said if words in said else f"{said}\n\n{words}".strip()


def tally(text: ArticleText) -> Tally:
    """Returns how many found the article helpful, and how many not."""
    counted = text.votes.aggregate(
        yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False))
    )
    return Tally(counted["yes"], counted["no"])


def reason_titles() -> dict[str, str]:
    """Returns the reasons to choose from and what readers see, in the language of the moment."""
    return {
        "unclear": _("I do not understand it"),
        "wrong": _("What it says does not work"),
        "outdated": _("It is out of date"),
        "incomplete": _("Something is missing"),
        "other matter": _("It is about something else"),
        "too long": _("It is too long"),
    }


def _refuse_flood(text: ArticleText, by: Voter, at: datetime) -> None:
    others = ArticleVote.objects.filter(text=text, day=at.date(), network=by.network).exclude(
        visitor=by.visitor
    )
    if by.network and others.count() >= MOST_OF_AN_ADDRESS:
        raise Refused("many votes")


def _hash(what: str, value: str) -> str:
    return salted_hmac(f"deskbook.article.{what}", value, algorithm="sha256").hexdigest()
