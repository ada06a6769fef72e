"""Addresses of a desk's portal, below /desk/."""

from django.urls import path
from django.views.generic import RedirectView

from deskbook.web.portal.about import about
from deskbook.web.portal.anonymous import anonymous, follow
from deskbook.web.portal.case import answer, case, close
from deskbook.web.portal.cases import cases
from deskbook.web.portal.choices import choice
from deskbook.web.portal.contacts import contacts
from deskbook.web.portal.drafts import keep
from deskbook.web.portal.leaving import leave, leave_by_link
from deskbook.web.portal.new_case import new_case
from deskbook.web.portal.ratings import rate, rating
from deskbook.web.portal.visit_acts import calendar, new_visit
from deskbook.web.portal.work import addresses

urlpatterns = [
    path("<slug:key>/", RedirectView.as_view(pattern_name="portal-cases"), name="portal-desk"),
    path("<slug:key>/about/", about, name="portal-about"),
    path("<slug:key>/anonymous/", anonymous, name="portal-anonymous"),
    path("<slug:key>/anonymous/case/", follow, name="portal-anonymous-follow"),
    path("<slug:key>/cases/", cases, name="portal-cases"),
    path("<slug:key>/cases/new/", new_case, name="portal-new"),
    path("<slug:key>/drafts/", keep, name="portal-drafts"),
    path("<slug:key>/cases/<str:number>/", case, name="portal-case"),
    path("<slug:key>/cases/<str:number>/answer/", answer, name="portal-answer"),
    path("<slug:key>/cases/<str:number>/leaving/", leave, name="portal-leave"),
    path("<slug:key>/cases/<str:number>/close/", close, name="portal-close"),
    path("<slug:key>/cases/<str:number>/rating/", rate, name="portal-rate"),
    path("<slug:key>/leaving/<str:token>/", leave_by_link, name="portal-leave-by-link"),
    path("<slug:key>/choices/<str:token>/", choice, name="portal-choice"),
    path("<slug:key>/ratings/<str:token>/", rating, name="portal-rating"),
    path("<slug:key>/visits/new/", new_visit, name="portal-visit-new"),
    path(
        "<slug:key>/cases/<str:number>/visit/<str:visit>.ics",
        calendar,
        name="portal-visit-calendar",
    ),
    path("<slug:key>/contacts/", contacts, name="portal-contacts"),
    *addresses(),
]
