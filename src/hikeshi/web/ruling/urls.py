from django.urls import path

from hikeshi.web.ruling import taking, views

urlpatterns = [
    path("", views.rules, name="rules"),
    path("new", views.new, name="new_rule"),
    path("export.<slug:form>", taking.taken, name="export_rules"),
    path("<str:code>/", views.rule, name="rule"),
    path("<str:code>/edit", views.edit, name="edit_rule"),
    path("<str:code>/on", views.switch_on, name="switch_rule_on"),
    path("<str:code>/off", views.switch_off, name="switch_rule_off"),
    path("<str:code>/review", views.review, name="review_rule"),
    path("<str:code>/compare", views.compare, name="compare_rule"),
    path("<str:code>/versions/<int:number>/restore", views.restore, name="restore_rule"),
]
