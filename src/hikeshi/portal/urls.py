from django.urls import path

from hikeshi.incidents.reporting import Purpose
from hikeshi.portal.faq import views as faq
from hikeshi.portal.follow import views as follow
from hikeshi.portal.outages import views as outages
from hikeshi.portal.report import views as report

app_name = "portal"
urlpatterns = [
    path("", report.new, {"purpose": Purpose.ODD}, name="odd"),
    path("near-miss", report.new, {"purpose": Purpose.NEAR_MISS}, name="near_miss"),
    path("request", report.new, {"purpose": Purpose.REQUEST}, name="request"),
    path("forms/<uuid:form>/", report.by_form, name="form"),
    path("forms/<uuid:form>/<int:number>/<slug:key>", report.name, name="naming"),
    path("alike", report.look, name="alike"),
    path("faq/", faq.faq, name="faq"),
    path("faq/<uuid:answer>/", faq.one, name="faq_one"),
    path("faq/<uuid:answer>/<slug:said>", faq.mark, name="faq_mark"),
    path("outages/<uuid:outage>/also", outages.also, name="also"),
    path("sent", report.sent, name="sent"),
    path("mine", follow.mine, name="mine"),
    path("follow/", follow.follow, name="follow"),
    path("<uuid:report>/", follow.one, name="one"),
    path("<uuid:report>/write", follow.write, name="write"),
    path("<uuid:report>/rate", follow.rate, name="rate"),
    path("<uuid:report>/leave", follow.leave, name="leave"),
]
