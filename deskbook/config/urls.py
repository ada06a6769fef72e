"""Addresses: sign-in is allauth's, everything else is web's."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("deskbook.web.urls")),
]
