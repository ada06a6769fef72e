"""The Jira of a demo: its issues as the people there would see them, to move and to comment on."""

import json
from secrets import token_hex

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.bridges.jira.incoming import keep_event, take_event
from deskbook.bridges.jira.models import JiraAct, JiraIssue
from deskbook.bridges.jira.words import body_of_comment, description_of
from deskbook.delivery.states import State, Taken
from deskbook.people.refusals import in_words
from deskbook.web.viewer import in_their_language

MOST = 100
FARID = {"accountId": "farid-demo", "displayName": "Farid"}


@require_safe
@in_their_language
def issues(request: HttpRequest) -> HttpResponse:
    """Lists the issues, the latest first."""
    found = (
        JiraIssue.objects.exclude(key="")
        .select_related("ticket__desk", "link")
        .order_by("-synced_at", "-pk")[:MOST]
    )
    return render(request, "demo/issues.html", {"desk": _("Demo Jira"), "issues": found})


@require_safe
@in_their_language
def issue(request: HttpRequest, key: str) -> HttpResponse:
    """Shows one issue with its comments, and forms to move it and to comment on it as Farid."""
    found = _issue(key)
    told = JiraAct.objects.filter(issue=found, kind=JiraAct.Kind.COMMENT, state=State.HANDED_OVER)
    comments = [
        body_of_comment(found.ticket, act.message)
        for act in told.select_related("message")
        if act.message
    ]
    context = {
        "desk": _("Demo Jira"),
        "issue": found,
        "text": description_of(found.ticket),
        "comments": comments,
        "statuses": sorted({*found.link.stages.values(), *found.link.statuses}),
    }
    return render(request, "demo/issue.html", context)


@require_POST
@in_their_language
def act(request: HttpRequest, key: str) -> HttpResponse:
    """Tells the desk what Farid did, as Jira's webhook would."""
    found = _issue(key)
    status, text = request.POST.get("status", ""), request.POST.get("text", "").strip()
    event = {
        "webhookEvent": "jira:issue_updated",
        "user": FARID,
        "issue": {"key": key},
        "timestamp": token_hex(8),
    }
    if status:
        event["changelog"] = {"items": [{"field": "status", "toString": status}]}
    elif text:
        event["webhookEvent"] = "comment_created"
        event["comment"] = {"id": token_hex(8), "body": text[:5_000], "author": FARID}
    kept = keep_event(found.link, json.dumps(event).encode(), token_hex(8), at=timezone.now())
    row = take_event(kept.pk) if kept else None
    if row and row.state == Taken.HELD:
        messages.error(request, in_words(row.reason))
    return redirect("demo-issue", key)


def _issue(key: str) -> JiraIssue:
    return get_object_or_404(
        JiraIssue.objects.select_related("ticket__desk", "ticket__requester", "link"), key=key
    )
