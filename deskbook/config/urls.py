"""Addresses: sign-in is allauth's, everything else is web's."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from deskbook.web.sign_in import ask, confirm

#: Only what a desk without passwords needs. allauth's other pages would let people sign up or claim addresses.
sign_in = [
    path("login/", ask, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("login/code/", ask, name="account_request_login_code"),
    path("login/code/confirm/", confirm, name="account_confirm_login_code"),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("account/", include(sign_in)),
    path("", include("deskbook.web.urls")),
]
handler400 = "deskbook.config.damaged.refused"
