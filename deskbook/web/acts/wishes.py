"""What an office states when it asks people to come, in the portal or told to an agent."""

from django.utils.translation import gettext_lazy as _

from deskbook.engine.decide_site_visit import MOST_PEOPLE
from deskbook.engine.ticket_parts import SiteVisitWish
from deskbook.tickets.site_visits import Wish
from deskbook.web.shared.fields import Day, Line, Lines, Whole
from deskbook.web.shared.forms import Form


class Wishes(Form):
    """Each page calls its fields as its readers do."""

    place = Line("", _("Say where: the office and its address."), most=300)
    people = Whole(
        "", _("Say how many people will be there, as a number."), least=1, most=MOST_PEOPLE
    )
    wanted_from, wanted_until = Day(), Day()
    words = Lines(most=5_000)

    def wish(self) -> Wish:
        return Wish(*map(self, ("people", "place", "wanted_from", "wanted_until", "words")))


def as_typed(wish: SiteVisitWish | None, place: str, words: str) -> dict[str, str]:
    """Returns what the form shows of a wish that was stated before."""
    if wish is None:
        return {}
    first, last = (day.isoformat() if day else "" for day in (wish.wanted_from, wish.wanted_until))
    stated = {"place": place, "words": words, "people": str(wish.people)}
    return {**stated, "wanted_from": first, "wanted_until": last}
