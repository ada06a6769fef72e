"""The ready answers: those of the desk and one's own; made, changed, dropped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from deskbook.people.access import NotOfTheRole, may, of_desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets.ready_answer_models import ReadyAnswer
from deskbook.tickets.ready_answers import (
    VARIABLES,
    keep_ready_answer,
    may_change,
    ready_answers_for,
)
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Line, Lines, NotUnderstood, Tick
from deskbook.web.shared.forms import Form, saved, sent
from deskbook.web.shared.languages import language_name

_TEXT = "text."


class ReadyAnswerForm(Form):
    """A name and the words in the desk's languages."""

    name = Line(
        gettext_lazy("Name"),
        gettext_lazy("Give it a name."),
        most=60,
        hint=gettext_lazy("By this it is found when it is typed behind a /."),
    )
    shared = Tick(gettext_lazy("For everybody at the desk"))

    def __init__(self, agent: Agent, answer: ReadyAnswer, data: QueryDict | None = None) -> None:
        desk = desk_in_force(agent.desk)
        self.answer = answer
        self.languages = tuple(dict.fromkeys((*desk.languages, *(answer.texts or ()))))
        texts = {f"{_TEXT}{one}": text for one, text in (answer.texts or {}).items()}
        super().__init__(
            data, {"name": answer.name, **texts, "shared": answer.pk and answer.owner_id is None}
        )
        if not may(agent, "keep answers"):
            del self.fields["shared"]
        for one in self.languages:
            self.fields[f"{_TEXT}{one}"] = Lines.called(language_name(one), rows=5)

    @property
    def texts(self) -> tuple[str, ...]:
        """The names of the fields its words are typed into."""
        return tuple(f"{_TEXT}{one}" for one in self.languages)

    def keep(self, agent: Agent) -> ReadyAnswer:
        """Keeps what was typed. Raises Refused, NotUnderstood."""
        texts = self.group(_TEXT)
        if not texts:
            raise NotUnderstood(
                **{self.texts[0]: _("Write what it says, in one language at least.")}
            )
        self.answer.name, self.answer.texts = self("name"), texts
        if "shared" in self.fields:
            self.answer.owner = None if self("shared") else agent
        return keep_ready_answer(self.answer)


@require_safe
@for_agents
def ready_answers(request: HttpRequest, agent: Agent) -> HttpResponse:
    """All an agent may put into an answer, and which of them they may change."""
    rows = [
        (answer, may_change(agent, answer), [language_name(one) for one in answer.texts])
        for answer in ready_answers_for(agent)
    ]
    shared = [row for row in rows if row[0].owner_id is None]
    own = [row for row in rows if row[0].owner_id is not None]
    return screen(request, agent, "ready_answers.html", current="articles", shared=shared, own=own)


@for_agents
def ready_answer_new(request: HttpRequest, agent: Agent) -> HttpResponse:
    """A form for a new one, and its answer."""
    answer = ReadyAnswer(desk_id=agent.desk_id, owner=agent, texts={})
    form = ReadyAnswerForm(agent, answer, sent(request))
    return _kept(request, agent, form)


@for_agents
def ready_answer(request: HttpRequest, agent: Agent, answer: int) -> HttpResponse:
    """One to be changed, by whoever may."""
    found = _changing(agent, answer)
    return _kept(request, agent, ReadyAnswerForm(agent, found, sent(request)))


@require_POST
@for_agents
def dropping(request: HttpRequest, agent: Agent, answer: int) -> HttpResponse:
    """Drops one; what was sent with it stays as it was sent."""
    found = _changing(agent, answer)
    found.delete()
    messages.success(request, _("“%(name)s” is dropped.") % {"name": found})
    return HttpResponseRedirect(reverse("console-ready-answers"))


def _changing(agent: Agent, answer: int) -> ReadyAnswer:
    found = of_desk(agent, ready_answers_for(agent), answer)
    if not may_change(agent, found):
        raise NotOfTheRole("leads keep the ready answers of the desk")
    return found


def _kept(request: HttpRequest, agent: Agent, form: ReadyAnswerForm) -> HttpResponse:
    kept = saved(form, lambda: form.keep(agent))
    if kept is not None:
        messages.success(request, _("“%(name)s” is kept.") % {"name": kept})
        return HttpResponseRedirect(reverse("console-ready-answers"))
    return screen(
        request,
        agent,
        "ready_answer.html",
        current="articles",
        status=form.status,
        form=form,
        answer=form.answer if form.answer.pk else None,
        variables=[f"{{{name}}}" for name in VARIABLES],
    )
