"""Writing an article: a new one, one in another language, the next version. Of two at once the
second sees both.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deskbook.knowledge.gaps import begin_from
from deskbook.knowledge.images import LARGEST, add_image
from deskbook.knowledge.markdown import rendered
from deskbook.knowledge.models import Article, ArticleText, ArticleVersion, Gap
from deskbook.knowledge.writing import (
    LANGUAGES,
    LONGEST_BODY,
    Draft,
    EditedMeanwhile,
    Sorting,
    add_language,
    begin_article,
    begun_before,
    save_draft,
    sort_article,
)
from deskbook.people.access import of_desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.kept_files import as_files
from deskbook.tickets.messages import File
from deskbook.tickets.models import Draft as KeptDraft
from deskbook.web.acts.act import client_key
from deskbook.web.console.articles.article import text_of, whole
from deskbook.web.console.articles.articles import audience_titles
from deskbook.web.console.shared.compared import Line, compared
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Id, Sent
from deskbook.web.shared.forms import Pressed
from deskbook.web.shared.languages import language_name
from deskbook.web.told import facet_title
from deskbook.web.uploads import Limits, kept_files, take_uploads

PICTURES = Limits(most=5, each=LARGEST, together=5 * LARGEST)
MOST_PREVIEWED = 2 * LONGEST_BODY


@dataclass(frozen=True, slots=True)
class Editor:
    """The form: what is in it, what it is about, and why it came back."""

    values: Mapping[str, str]
    place: str
    text: ArticleText | None = None
    original: ArticleVersion | None = None
    """What is translated."""
    gap: Gap | None = None
    refusal: str = ""
    theirs: ArticleVersion | None = None
    lines: tuple[Line, ...] = ()
    """What the other changed, where somebody was first."""
    facets: Mapping[str, str] = field(default_factory=dict)


class Written(Pressed):
    """What is typed into the editor, and what it is about."""

    title, body, keywords = Sent(strip=False), Sent(strip=False), Sent(strip=False)
    language, audience = Sent(), Sent()
    of, gap, base = Id(), Id(), Id()

    def draft(self) -> Draft:
        return Draft(self("title"), self("body"), self("keywords"))

    def sorting(self) -> Sorting:
        return Sorting(self("audience"), self.facets())

    def facets(self) -> dict[str, str]:
        begins, given = "facet.", self.data.items()
        chosen = {
            name.removeprefix(begins): str(value)
            for name, value in given
            if name.startswith(begins)
        }
        return {key: value for key, value in chosen.items() if value}

    def again(self) -> dict[str, str]:
        return defaultdict(str, {name: str(value) for name, value in self.data.items()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def article_new(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Begins an article (`?gap=` what nothing answered), or another language of one (`?of=`)."""
    given = Written(request)
    original = text_of(agent, given("of")) if given("of") else None
    gaps = Gap.objects.select_related("ticket__desk")
    gap = of_desk(agent, gaps, given("gap")) if given("gap") else None
    source = original.published or original.latest if original else None
    place = (
        f"article {agent.desk.key} new"
        if original is None
        else f"article {original.article_id} new"
    )
    editor = Editor(_fresh(request, agent, gap, place), place, original=source, gap=gap)
    if request.method != "POST":
        return _show(request, agent, editor)
    pictures = take_uploads(request, agent.user, place, PICTURES, key=None)
    if pictures.error:
        return _back(request, agent, editor, refusal=pictures.error)
    try:
        made = _begin(request, agent, original, gap, as_files(pictures.kept), at=timezone.now())
    except Refused as refused:
        return _back(request, agent, editor, refusal=in_words(refused))
    return _saved(request, agent, made, place)


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def article_edit(request: HttpRequest, agent: Agent, text: int) -> HttpResponse:
    """Writes the next version. Who saves second sees what the first changed, and loses nothing."""
    row, place = text_of(agent, text), f"article {text}"
    editor = Editor(_as_it_is(agent, row, place), place, text=row, facets=row.article.facets)
    if request.method != "POST":
        return _show(request, agent, editor)
    pictures = take_uploads(request, agent.user, place, PICTURES, key=None)
    if pictures.error:
        return _back(request, agent, editor, refusal=pictures.error)
    try:
        _save(request, agent, row, as_files(pictures.kept), at=timezone.now())
    except Refused as refused:
        return _back(request, agent, editor, refusal=in_words(refused))
    except EditedMeanwhile as first:
        return _both(request, agent, editor, first.theirs)
    return _saved(request, agent, row, place)


@require_POST
@for_agents
def article_preview(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Returns the HTML of what is being typed."""
    return HttpResponse(rendered(Written(request)("body")[:MOST_PREVIEWED]))


def _begin(
    request: HttpRequest,
    agent: Agent,
    original: ArticleText | None,
    gap: Gap | None,
    pictures: Sequence[File],
    *,
    at: datetime,
) -> ArticleText:
    given, key = Written(request), client_key(request) or ""
    language, draft = given("language"), given.draft()
    with transaction.atomic():
        if begun := begun_before(key, draft):
            return begun
        if original:
            made = add_language(original.article, language, draft, at=at, by=agent, key=key)
        else:
            made = begin_article(language, draft, given.sorting(), at=at, by=agent, key=key)
        if gap:
            begin_from(gap, made)
        _add_pictures(pictures, made, at=at, by=agent)
    return made


def _save(
    request: HttpRequest, agent: Agent, text: ArticleText, pictures: Sequence[File], *, at: datetime
) -> None:
    given = Written(request)
    with transaction.atomic():
        save_draft(text, given.draft(), base=given("base"), at=at, by=agent)
        sort_article(text.article, given.sorting(), by=agent)
        text.refresh_from_db(fields=["latest"])
        _add_pictures(pictures, text, at=at, by=agent)


def _add_pictures(pictures: Sequence[File], text: ArticleText, *, at: datetime, by: Agent) -> None:
    """Puts pictures that were sent at the end of the text: the author moves their lines."""
    shown = [add_image(text.article, picture.data, picture.name) for picture in pictures]
    if shown and text.latest:
        latest = text.latest
        body = "\n\n".join([latest.body, *shown])
        save_draft(
            text, Draft(latest.title, body, latest.keywords), base=latest.number, at=at, by=by
        )


def _fresh(request: HttpRequest, agent: Agent, gap: Gap | None, place: str) -> dict[str, str]:
    title = (gap.ticket.subject if gap.ticket else gap.words) if gap else ""
    usual = next((one for one in desk_in_force(agent.desk).languages if one in LANGUAGES), "en")
    start = {
        "title": title,
        "language": request.GET.get("language", usual),
        "audience": Article.Audience.PUBLIC.value,
    }
    return defaultdict(str, {**start, "body": _kept(agent, place).get("text", "")})


def _as_it_is(agent: Agent, text: ArticleText, place: str) -> dict[str, str]:
    latest = text.latest
    if latest is None:
        return defaultdict(str)
    kept = _kept(agent, place)
    return defaultdict(
        str,
        {
            "title": latest.title,
            "body": kept.get("text") or latest.body,
            "keywords": latest.keywords,
            # What was begun from an older version is compared with this one when it is saved.
            "base": (kept.get("text") and kept.get("base")) or str(latest.number),
            "audience": text.article.audience,
        },
    )


def _kept(agent: Agent, place: str) -> dict[str, str]:
    fields = (
        KeptDraft.objects.filter(user=agent.user_id, place=place)
        .values_list("fields", flat=True)
        .first()
        or {}
    )
    return {name: str(fields.get(name, "")) for name in ("text", "base")}


def _back(request: HttpRequest, agent: Agent, editor: Editor, *, refusal: str) -> HttpResponse:
    given = Written(request)
    again = replace(editor, values=given.again(), refusal=refusal, facets=given.facets())
    return _show(request, agent, again, status=422)


def _both(
    request: HttpRequest, agent: Agent, editor: Editor, theirs: ArticleVersion
) -> HttpResponse:
    """Shows what was typed with what the other changed beside it; saved once more, it becomes the
    next version.
    """
    given = Written(request)
    old = theirs.text.versions.filter(number=given("base")).first() if given("base") else None
    lines = tuple(compared(whole(old) if old else "", whole(theirs)))
    values = {**given.again(), "base": str(theirs.number)}
    again = replace(editor, values=values, theirs=theirs, lines=lines, facets=given.facets())
    return _show(request, agent, again, status=409)


def _show(request: HttpRequest, agent: Agent, editor: Editor, *, status: int = 200) -> HttpResponse:
    facets = [
        (
            f"facet.{facet.key}",
            facet_title(facet),
            tuple(facet.values.items()),
            editor.facets.get(facet.key, ""),
        )
        for facet in desk_in_force(agent.desk).facets.values()
    ]
    taken = set()
    if editor.original:
        texts = ArticleText.objects.filter(article=editor.original.text.article_id)
        taken = set(texts.values_list("language", flat=True))
    return screen(
        request,
        agent,
        "article_editor.html",
        current="articles",
        status=status,
        editor=editor,
        facets=facets,
        kept=kept_files(agent.user, editor.place),
        languages=[(code, language_name(code)) for code in LANGUAGES if code not in taken],
        longest=LONGEST_BODY,
        audiences=tuple(audience_titles().items()),
        html=rendered(editor.values.get("body", "")[:MOST_PREVIEWED]),
        original_html=rendered(editor.original.body) if editor.original else "",
    )


def _saved(request: HttpRequest, agent: Agent, text: ArticleText, place: str) -> HttpResponse:
    KeptDraft.objects.filter(user=agent.user, place=place).delete()
    messages.success(request, _("Saved as a draft."))
    answer = HttpResponseRedirect(reverse("console-article", args=[text.pk]))
    answer.set_cookie("accepted", place.replace(" ", "%20"), max_age=60, samesite="Lax")
    return answer
