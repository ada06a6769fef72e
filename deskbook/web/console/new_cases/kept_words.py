"""The words of a form that is not sent yet, each field kept below the form's own place."""

from django.http import HttpResponse

from deskbook.people.models import Agent
from deskbook.tickets.drafts import drop_drafts_below
from deskbook.tickets.models import Draft


def typed_at(agent: Agent, place: str) -> dict[str, str]:
    """Returns field → what somebody typed in it at a place so far."""
    kept = Draft.objects.filter(user=agent.user_id, place__startswith=f"{place}/")
    return {draft.place.removeprefix(f"{place}/"): draft.fields.get("text", "") for draft in kept}


def accepted(agent: Agent, place: str, answer: HttpResponse) -> HttpResponse:
    """Ends what was kept at a place, here and (by what the answer says) in the browser."""
    drop_drafts_below(agent.user_id, place)
    answer.set_cookie("accepted", place.replace(" ", "%20"), max_age=60, samesite="Lax")
    return answer
