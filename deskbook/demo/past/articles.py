"""The knowledge base of the demo desks: articles in their languages, one to review, votes, and what
is missing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from deskbook.demo.desk_files import Told, Written, articles_of
from deskbook.knowledge.deflection import note_opening, note_sent
from deskbook.knowledge.feedback import Opinion, vote, voter
from deskbook.knowledge.gaps import mark_unanswered, note_search
from deskbook.knowledge.models import ArticleText
from deskbook.knowledge.writing import Draft, Sorting, add_language, begin_article, propose, publish
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.models import Ticket

WRITTEN = timedelta(days=24)
"""How long before now the first article was written; one follows a day."""
_REASONS = (("incomplete",), ("unclear", "too long"), ("outdated",))
_WORDS = ("A picture of the screen would help.", "", "The menu has another name now.")


def write_articles(helpdesk: HelpDesk, *, at: datetime) -> None:
    """Lets Asha write and Bala publish the desk's articles, and readers and searchers come."""
    asha, bala = (Agent.objects.get(desk=helpdesk, user__name=name) for name in ("Asha", "Bala"))
    texts: list[ArticleText] = []
    articles = articles_of(helpdesk.key)
    for number, written in enumerate(articles.written):
        texts += _publish(written, asha, bala, at=at - WRITTEN + timedelta(days=number))
    for language, told in articles.under_review.texts.items():
        _propose(language, told, asha, at=at - timedelta(hours=5))
    _read(texts, at=at)
    for number, words in enumerate(articles.searched_in_vain):
        for _time in range(3 - number):
            note_search(helpdesk, words, at=at - timedelta(days=1 + number, minutes=_time))
    for ticket in Ticket.objects.filter(desk=helpdesk, outcome__in=("solved", "closed")).order_by(
        "-last_activity_at"
    )[:2]:
        mark_unanswered(ticket, at=ticket.last_activity_at, by=asha)


def _publish(written: Written, asha: Agent, bala: Agent, *, at: datetime) -> list[ArticleText]:
    texts: list[ArticleText] = []
    sorting = Sorting(written.audience, {"category": written.category} if written.category else {})
    for language, told in written.texts.items():
        if texts:
            text = add_language(texts[0].article, language, _draft(told), at=at, by=asha)
        else:
            text = begin_article(language, _draft(told), sorting, at=at, by=asha)
        propose(text, at=at + timedelta(hours=1), by=asha)
        publish(text, 1, at=at + timedelta(hours=3), by=bala)
        texts.append(text)
    return [ArticleText.objects.get(pk=text.pk) for text in texts]


def _propose(language: str, told: Told, asha: Agent, *, at: datetime) -> None:
    text = begin_article(language, _draft(told), Sorting(), at=at, by=asha)
    propose(text, at=at + timedelta(minutes=5), by=asha)


def _draft(told: Told) -> Draft:
    return Draft(told.title, told.body, told.keywords)


def _read(texts: Sequence[ArticleText], *, at: datetime) -> None:
    """Readers of the last weeks: most were helped; some opened an article while writing a case,
    half sent it.
    """
    for number in range(6 * len(texts)):
        text, when = texts[number % len(texts)], at - timedelta(hours=7 * number + 2)
        helped = number % 5 != 4
        opinion = Opinion(
            helped, () if helped else _REASONS[number % 3], "" if helped else _WORDS[number % 3]
        )
        vote(text, opinion, voter(f"demo {number}", "", at=when), at=when)
        if number % 3 == 0:
            key = sha256(f"{text.pk} {number}".encode()).hexdigest()[:32]
            note_opening(text, key, "portal", at=when)
            if number % 2:
                note_sent(text.desk, key, at=when + timedelta(minutes=9))
