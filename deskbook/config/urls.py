"""Addresses: second factors are allauth's, everything else is web's."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path
from django.views.generic import RedirectView

from deskbook.web.by_password import sign_in_by_password
from deskbook.web.by_provider import back_from_provider, go_to_provider, sign_out
from deskbook.web.proof import freshly_proved, prove
from deskbook.web.security import end_all_sessions, end_session, security
from deskbook.web.sign_in import ask, confirm
from deskbook.web.viewer import in_their_language

handler404 = "deskbook.web.not_here.not_here"
#: Only what a desk without passwords needs. allauth's other pages would let people sign up or claim
#: addresses.
sign_in = [
    path("login/", ask, name="account_login"),
    path("logout/", sign_out, name="account_logout"),
    path("password/", sign_in_by_password, name="password"),
    path("provider/", go_to_provider, name="provider"),
    path("provider/back/", back_from_provider, name="provider-back"),
    path("inactive/", in_their_language(account.account_inactive), name="account_inactive"),
    path("login/code/", ask, name="account_request_login_code"),
    path("login/code/confirm/", confirm, name="account_confirm_login_code"),
    path("security/", security, name="security"),
    path("security/prove/", prove, name="prove"),
    path("security/session/end/", end_session, name="end-session"),
    path("security/sessions/end/", end_all_sessions, name="end-all-sessions"),
]
#: What lets people in changes only after they proved once more that it is them.
second_factors = [
    path("", RedirectView.as_view(pattern_name="security"), name="mfa_index"),
    path("authenticate/", in_their_language(factors.authenticate), name="mfa_authenticate"),
    path("totp/activate/", freshly_proved(totp.activate_totp), name="mfa_activate_totp"),
    path("totp/deactivate/", freshly_proved(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "recovery-codes/",
        freshly_proved(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        freshly_proved(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("webauthn/", RedirectView.as_view(pattern_name="security"), name="mfa_list_webauthn"),
    path("webauthn/add/", freshly_proved(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "webauthn/keys/<int:pk>/remove/",
        freshly_proved(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("webauthn/login/", in_their_language(passkeys.login_webauthn), name="mfa_login_webauthn"),
]

urlpatterns = [
    path("account/", include(sign_in)),
    path("account/2fa/", include(second_factors)),
    path("", include("deskbook.web.urls")),
]
handler400 = "deskbook.server.damaged.refused"
