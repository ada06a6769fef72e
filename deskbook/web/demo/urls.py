"""Addresses of the demo."""

from django.urls import path

from deskbook.web.demo.mailbox import body, mail, mailbox
from deskbook.web.demo.people import people, sign_in_as
from deskbook.web.demo.sending import reply, write
from deskbook.web.demo.texts import answer, phone, phones, report

urlpatterns = [
    path("", people, name="demo"),
    path("sign-in/", sign_in_as, name="demo-sign-in"),
    path("mailbox/", mailbox, name="demo-mailbox"),
    path("mailbox/write/", write, name="demo-write"),
    path("mailbox/<str:kind>/<int:number>/", mail, name="demo-mail"),
    path("mailbox/<str:kind>/<int:number>/html", body, name="demo-body"),
    path("mailbox/<str:kind>/<int:number>/reply/", reply, name="demo-reply"),
    path("texts/", phones, name="demo-texts"),
    path("texts/<str:number>/", phone, name="demo-phone"),
    path("texts/<str:number>/answer/", answer, name="demo-text-answer"),
    path("texts/<str:number>/<int:text>/report/", report, name="demo-text-report"),
]
