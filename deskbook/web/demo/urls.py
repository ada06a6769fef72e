"""Addresses of the demo."""

from django.urls import path

from deskbook.web.demo import jira
from deskbook.web.demo.mailbox import body, mail, mailbox
from deskbook.web.demo.people import people, sign_in_as
from deskbook.web.demo.sending import reply, write
from deskbook.web.demo.texts import answer, phone, phones, report
from deskbook.web.demo.walk_in import stand_in
from deskbook.web.demo.whatsapp import phone_at_hand, phones_at_hand, picture, thread
from deskbook.web.demo.whatsapp_graph import (
    graph_file,
    graph_media,
    graph_media_told,
    graph_messages,
)

urlpatterns = [
    path("", people, name="demo"),
    path("walk-in/<slug:desk>/", stand_in, name="demo-walk-in"),
    path("sign-in/", sign_in_as, name="demo-sign-in"),
    path("whatsapp/", phones_at_hand, name="demo-whatsapp"),
    path("whatsapp/<slug:desk>/<str:number>/", phone_at_hand, name="demo-whatsapp-phone"),
    path("whatsapp/<slug:desk>/<str:number>/thread", thread, name="demo-whatsapp-thread"),
    path("whatsapp/pictures/<int:picture>", picture, name="demo-whatsapp-picture"),
    path("graph/v26.0/<str:phone_number_id>/messages", graph_messages, name="demo-graph-messages"),
    path("graph/v26.0/<str:phone_number_id>/media", graph_media, name="demo-graph-media"),
    path("graph/v26.0/file/<str:media>", graph_file, name="demo-graph-file"),
    path("graph/v26.0/<str:media>", graph_media_told, name="demo-graph-media-told"),
    path("mailbox/", mailbox, name="demo-mailbox"),
    path("mailbox/write/", write, name="demo-write"),
    path("mailbox/<str:kind>/<int:number>/", mail, name="demo-mail"),
    path("mailbox/<str:kind>/<int:number>/html", body, name="demo-body"),
    path("mailbox/<str:kind>/<int:number>/reply/", reply, name="demo-reply"),
    path("jira/", jira.issues, name="demo-issues"),
    path("jira/<str:key>/", jira.issue, name="demo-issue"),
    path("jira/<str:key>/act/", jira.act, name="demo-issue-act"),
    path("texts/", phones, name="demo-texts"),
    path("texts/<str:number>/", phone, name="demo-phone"),
    path("texts/<str:number>/answer/", answer, name="demo-text-answer"),
    path("texts/<str:number>/<int:text>/report/", report, name="demo-text-report"),
]
