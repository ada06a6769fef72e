"""The desk's WhatsApp number: what an owner enters."""

from secrets import token_urlsafe

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from deskbook.channels.whatsapp.accounts import SECRETS, Entered, account_of, keep_account
from deskbook.channels.whatsapp.deliver import send_waiting
from deskbook.channels.whatsapp.media import fetch_again
from deskbook.channels.whatsapp.models import WhatsAppAccount, WhatsAppMedia
from deskbook.people.access import only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Secret, Spelled
from deskbook.web.shared.forms import Form, sent

_SPELLED = {
    "id": _("The phone number ID is the number of digits that the app's dashboard shows."),
    "number": _("Write the number as people dial it: +258 84 000 0100."),
}


class AccountForm(Form):
    """The account. A secret is needed once, and stays where it is left empty."""

    phone_number_id = Spelled(
        _("Phone number ID"), _SPELLED["id"], wrong=_SPELLED["id"], pattern=r"\d{1,32}"
    )
    display_number = Spelled(
        _("Number as people know it"),
        _SPELLED["number"],
        wrong=_SPELLED["number"],
        pattern=r"\+?[\d\s()-]{6,30}",
        placeholder="+258 84 000 0100",
    )
    app_secret = Secret(_("App secret"), most=1_000)
    token = Secret(_("Access token"), hint=_("Of a system user; it does not end."), most=1_000)
    verify_token = Secret(_("Verify token"), most=1_000)

    def __init__(self, account: WhatsAppAccount | None, data: QueryDict | None) -> None:
        super().__init__(data)
        self.account = account
        self.begin_as(account, "phone_number_id", "display_number")
        own = _("A word of your own, to be entered there too, for example %(word)s")
        self.hints["verify_token"] = own % {"word": token_urlsafe(18)}
        if account:
            self.hints = dict.fromkeys(SECRETS, _("Kept. Enter it only to change it."))

    def clean(self) -> None:
        for name in SECRETS:
            if not self.cleaned_data.get(name, "x") and not getattr(self.account, name, ""):
                self.add_error(name, _("This is needed once."))

    def save(self, agent: Agent) -> bool:
        """Returns whether it was kept: a number is of one desk only."""
        at = timezone.now()
        try:
            with transaction.atomic():
                keep_account(agent.desk, Entered(**self.cleaned_data), at=at, by=agent)
                send_waiting(agent.desk, at=at)
        except IntegrityError:
            self.add_error("phone_number_id", _("Another desk has this number already."))
            return False
        return True


@require_http_methods(["GET", "POST"])
@for_agents
def account(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Owners: the account, its secrets never shown again."""
    only_who_may(agent, "connect gateways")
    form = AccountForm(account_of(agent.desk), sent(request))
    if not form.is_valid() or not form.save(agent):
        return _page(request, agent, form)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("console-whatsapp-account"))


@require_POST
@for_agents
def media(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Owners: files that could not be fetched are tried once more."""
    only_who_may(agent, "connect gateways")
    count = fetch_again(agent.desk, at=timezone.now())
    messages.success(request, _("Tried again: %(n)s files.") % {"n": count})
    return HttpResponseRedirect(reverse("console-whatsapp-account"))


def _page(request: HttpRequest, agent: Agent, form: AccountForm) -> HttpResponse:
    lost = WhatsAppMedia.objects.filter(
        incoming__desk=agent.desk_id, state=WhatsAppMedia.State.FAILED
    )
    return screen(
        request,
        agent,
        "whatsapp/account.html",
        current="whatsapp",
        status=form.status,
        form=form,
        hook=f"{settings.DESKBOOK_SITE_URL}/hooks/whatsapp/{agent.desk.key}/",
        lost=lost.count(),
        service=settings.DESKBOOK_WHATSAPP_URL,
        in_the_book=desk_in_force(agent.desk).channel_of("whatsapp") is not None,
    )
