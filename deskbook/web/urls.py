"""Every address of the web. Each part keeps its own, and so does each channel."""

from django.urls import URLPattern, URLResolver, include, path

from deskbook.web.chat_live import visitor_stream
from deskbook.web.console.leading.wall import wallboard, wallboard_stream
from deskbook.web.console.roster.feed import feed
from deskbook.web.console.urls import urlpatterns as console
from deskbook.web.console.visits.feed import feed as visit_feed
from deskbook.web.files import file, message
from deskbook.web.first_sign_in import first_sign_in
from deskbook.web.old_addresses import urlpatterns as old_addresses
from deskbook.web.portal.front import front
from deskbook.web.portal.language import choose
from deskbook.web.portal.profile import profile
from deskbook.web.public import watching
from deskbook.web.public.chat.embedding import script as chat_script
from deskbook.web.public.walk_in_urls import urlpatterns as walk_in
from deskbook.web.shared.connected import on_the_web

urlpatterns: list[URLPattern | URLResolver] = [
    *console,
    path("healthz", watching.alive, name="alive"),
    path("readyz", watching.ready, name="ready"),
    path("metrics", watching.metrics, name="metrics"),
    path("api/v1/", include("deskbook.web.api.urls")),
    path("scim/v2/", include("deskbook.web.scim.urls")),
    path("", front, name="front"),
    path("profile/", profile, name="profile"),
    path("language/", choose, name="language"),
    path("desk/<slug:key>/articles/", include("deskbook.web.public.article_urls")),
    path("desk/", include("deskbook.web.portal.urls")),
    path("files/<int:attachment>/<str:name>", file, name="file"),
    path("messages/<int:message>", message, name="message"),
    path("roster/<str:token>.ics", feed, name="roster-feed"),
    path("visits/<str:token>.ics", visit_feed, name="visit-feed"),
    path("chat/", include("deskbook.web.public.chat.urls")),
    path("chat.js", chat_script, name="chat-script"),
    path("live/chat/<slug:key>", visitor_stream, name="live-chat"),
    path("first/", first_sign_in, name="first-sign-in"),
    path("wall/<str:secret>/", wallboard, name="wallboard"),
    path("live/wall/<str:secret>", wallboard_stream, name="live-wallboard"),
    *old_addresses,
    *walk_in,
    *(address for one in on_the_web() for address in one.addresses),
]
