"""Addresses of the public chat, below /chat/."""

from django.urls import path

from deskbook.web.public.chat.files import copy, file
from deskbook.web.public.chat.page import page
from deskbook.web.public.chat.talking import afterwards, ending, events, lines, signals

urlpatterns = [
    path("<slug:key>/", page, name="chat"),
    path("<slug:key>/lines/", lines, name="chat-lines"),
    path("<slug:key>/signals/", signals, name="chat-signals"),
    path("<slug:key>/events/", events, name="chat-events"),
    path("<slug:key>/end/", ending, name="chat-end"),
    path("<slug:key>/afterwards/", afterwards, name="chat-afterwards"),
    path("<slug:key>/copy/<str:token>/", copy, name="chat-copy"),
    path("<slug:key>/files/<str:token>/<str:name>", file, name="chat-file"),
]
