from django.urls import path

from hikeshi.web.settings.criteria import views

urlpatterns = [
    path("", views.criteria, name="criteria"),
    path("<slug:name>/", views.criterion, name="criterion"),
    path("<slug:name>/edit", views.edit, name="edit_criteria"),
    path("<slug:name>/review", views.review, name="review_criteria"),
    path("<slug:name>/compare", views.compare, name="compare_criteria"),
    path("<slug:name>/versions/<int:number>/restore", views.restore, name="restore_criteria"),
]
