"""How a case was opened: by whom, or by which line of the book."""

from django.utils.translation import gettext as _

from deskbook.engine.events import Opened
from deskbook.engine.quotas import of_plan_and_of_person
from deskbook.web.told import Sentence, Told


def opened(event: Opened, told: Told) -> Sentence:
    """Returns who opened a case, and who logged it for them; or by which line of the book it opened
    by itself.
    """
    if event.recurring:
        return _by_itself(event.recurring, told)
    by = told.names.agent(event.recorded_by) if event.recorded_by else ""
    words = _("%(who)s logged this for the requester") if by else _("Opened by %(who)s")
    nameless = " – " + _("without a name") if event.anonymous else ""
    said = words % {"who": by or told.who} + nameless + _beyond(event, told)
    is_more = bool(by or nameless or event.beyond)
    return Sentence(said, "open", did=_("opened this"), is_more=is_more)


def _beyond(event: Opened, told: Told) -> str:
    of_plan, of_person = of_plan_and_of_person(told.desk, event.beyond)
    plan = told.desk.plans.get(event.facets.get("plan", ""))
    said = ""
    if of_plan:
        words = " – " + _("beyond the plan %(plan)s (line %(line)s of the book)")
        said += words % {"plan": plan.title if plan else "", "line": ", ".join(map(str, of_plan))}
    if of_person:
        words = " – " + _("beyond what one person may open (line %(line)s of the book)")
        said += words % {"line": ", ".join(map(str, of_person))}
    return said


def _by_itself(key: str, told: Told) -> Sentence:
    line = next((one for one in told.desk.recurring if one.key == key), None)
    words = _("The book opened this by itself")
    if line:
        words = _("The book opened this by itself, by line %(line)s: every %(dates)s")
        words %= {"line": line.line, "dates": line.when.said}
    return Sentence(words, "open", did=_("opened this"), is_more=True)
