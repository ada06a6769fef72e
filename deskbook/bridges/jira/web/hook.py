"""Where Jira tells a desk what happened on its issues."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from deskbook.bridges.jira.incoming import keep_event, signed_by_jira
from deskbook.bridges.jira.models import JiraLink

LARGEST = 2_000_000


@csrf_exempt
@require_POST
def jira_hook(request: HttpRequest, key: str) -> HttpResponse:
    """Keeps a signed event, to be read by a job: Jira waits for nothing. 403 without its
    signature.
    """
    link = JiraLink.objects.filter(desk__key=key, active=True).first()
    if link is None:
        return HttpResponse("no Jira here\n", status=404, content_type="text/plain")
    if len(request.body) > LARGEST:
        return HttpResponse("too long\n", status=413, content_type="text/plain")
    if not signed_by_jira(link, request.body, request.headers.get("X-Hub-Signature", "")):
        return HttpResponse("wrong signature\n", status=403, content_type="text/plain")
    identifier = request.headers.get("X-Atlassian-Webhook-Identifier", "")
    if keep_event(link, request.body, identifier, at=timezone.now()) is None:
        return HttpResponse("no event of Jira's\n", status=422, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
