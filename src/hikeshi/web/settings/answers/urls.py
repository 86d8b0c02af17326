from django.urls import path

from hikeshi.web.settings.answers import taking, views

urlpatterns = [
    path("", views.answers, name="answers"),
    path("export.<slug:form>", taking.taken, name="export_answers"),
    path("new", views.new, name="new_answer"),
    path("<uuid:answer>/", views.answer, name="answer"),
    path("<uuid:answer>/edit", views.edit, name="edit_answer"),
    path("<uuid:answer>/compare", views.compare, name="compare_answer"),
    path("<uuid:answer>/withdraw", views.withdraw, name="withdraw_answer"),
    path("<uuid:answer>/versions/<int:number>/publish", views.publish, name="publish_answer"),
]
