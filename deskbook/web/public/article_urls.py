"""Addresses of a desk's articles, below /desk/<key>/articles/."""

from django.urls import path, re_path

from deskbook.web.public.article_feedback import challenge, feedback
from deskbook.web.public.article_suggestions import suggestions
from deskbook.web.public.articles import article, articles, image

urlpatterns = [
    path("", articles, name="articles"),
    path("suggestions", suggestions, name="article-suggestions"),
    path("challenge", challenge, name="article-challenge"),
    re_path(r"^images/(?P<sha256>[0-9a-f]{64})$", image, name="article-image"),
    path("<str:slug>/", article, name="article"),
    path("<str:slug>/feedback/", feedback, name="article-feedback"),
]
