"""Addresses of visitors: kiosk, display, token."""

from django.urls import URLPattern, path

from deskbook.web.public import display, kiosk, token, walk_in_live

urlpatterns: list[URLPattern] = [
    path("kiosk/worker.js", kiosk.kiosk_worker, name="kiosk-worker"),
    path("kiosk/<slug:desk>/<str:site>/", kiosk.kiosk, name="kiosk"),
    path(
        "kiosk/<slug:desk>/<str:site>/manifest.webmanifest",
        kiosk.kiosk_manifest,
        name="kiosk-manifest",
    ),
    path("kiosk/<slug:desk>/<str:site>/tokens", kiosk.kiosk_token, name="kiosk-token"),
    path("kiosk/<slug:desk>/<str:site>/contact", kiosk.kiosk_contact, name="kiosk-contact"),
    path("display/<slug:desk>/<str:site>/", display.display, name="display"),
    path("display/<slug:desk>/<str:site>/device", display.display_device, name="display-device"),
    path("display/<slug:desk>/<str:site>/state", display.display_state, name="display-state"),
    path("token/<slug:desk>/<str:site>/", token.taking, name="token-taking"),
    path("token/<slug:desk>/<str:site>/<str:key>/", token.token, name="token"),
    path("token/<slug:desk>/<str:site>/<str:key>/now", token.token_now, name="token-now"),
    path("token/<slug:desk>/<str:site>/<str:key>/return", token.returning, name="token-return"),
    path("live/walk-in/<slug:desk>/<str:site>", walk_in_live.site_stream, name="live-walk-in"),
]
