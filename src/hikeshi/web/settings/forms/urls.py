from django.urls import path

from hikeshi.web.settings.forms import views

urlpatterns = [
    path("", views.forms, name="forms"),
    path("new", views.new, name="new_form"),
    path("<uuid:form>/", views.form, name="form"),
    path("<uuid:form>/edit", views.edit, name="edit_form"),
    path("<uuid:form>/compare", views.compare, name="compare_form"),
    path("<uuid:form>/withdraw", views.withdraw, name="withdraw_form"),
    path("<uuid:form>/versions/<int:number>/", views.preview, name="preview_form"),
    path("<uuid:form>/versions/<int:number>/offer", views.offer, name="offer_form"),
]
