"""The addresses of a demo: its own, and those of the desk."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from deskbook.config import urls as desk
from deskbook.demo.screens import (
    graph,
    jira,
    login_page,
    mailbox,
    people,
    sending,
    texts,
    walk_in,
    whatsapp,
)

handler404 = desk.handler404
pages = [
    path("", people.people, name="demo"),
    path("walk-in/<slug:desk>/", walk_in.stand_in, name="demo-walk-in"),
    path("sign-in/", people.sign_in_as, name="demo-sign-in"),
    path("whatsapp/", whatsapp.phones_at_hand, name="demo-whatsapp"),
    path("whatsapp/<slug:desk>/<str:number>/", whatsapp.phone_at_hand, name="demo-whatsapp-phone"),
    path("whatsapp/<slug:desk>/<str:number>/thread", whatsapp.thread, name="demo-whatsapp-thread"),
    path("whatsapp/pictures/<int:picture>", whatsapp.picture, name="demo-whatsapp-picture"),
    path(
        "graph/v26.0/<str:phone_number_id>/messages",
        graph.graph_messages,
        name="demo-graph-messages",
    ),
    path("graph/v26.0/<str:phone_number_id>/media", graph.graph_media, name="demo-graph-media"),
    path("graph/v26.0/file/<str:media>", graph.graph_file, name="demo-graph-file"),
    path("graph/v26.0/<str:media>", graph.graph_media_told, name="demo-graph-media-told"),
    path("mailbox/", mailbox.mailbox, name="demo-mailbox"),
    path("mailbox/write/", sending.write, name="demo-write"),
    path("mailbox/<str:kind>/<int:number>/", mailbox.mail, name="demo-mail"),
    path("mailbox/<str:kind>/<int:number>/html", mailbox.body, name="demo-body"),
    path("mailbox/<str:kind>/<int:number>/reply/", sending.reply, name="demo-reply"),
    path("jira/", jira.issues, name="demo-issues"),
    path("jira/<str:key>/", jira.issue, name="demo-issue"),
    path("jira/<str:key>/act/", jira.act, name="demo-issue-act"),
    path("login-page/", login_page.login_page, name="demo-login-page"),
    path("texts/", texts.phones, name="demo-texts"),
    path("texts/<str:number>/", texts.phone, name="demo-phone"),
    path("texts/<str:number>/answer/", texts.answer, name="demo-text-answer"),
    path("texts/<str:number>/<int:text>/report/", texts.report, name="demo-text-report"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("demo/", include(pages)),
    path("mailbox/", RedirectView.as_view(pattern_name="demo-mailbox")),
    *desk.urlpatterns,
]
handler400 = desk.handler400
