from django.urls import path

from hikeshi.web.filters import views

urlpatterns = [
    path("filter", views.build, name="build_filter"),
    path("change", views.change, name="change_several"),
    path("changes/<uuid:batch>/", views.changed, name="changed"),
    path("changes/<uuid:batch>/undo", views.undo, name="undo_changes"),
    path("looks", views.looks, name="list_looks"),
    path("filters/", views.shelf, name="filters"),
    path("filters/new", views.keep, name="keep_filter"),
    path("filters/<uuid:saved>/", views.edit, name="edit_filter"),
    path("filters/<uuid:saved>/remove", views.remove, name="remove_filter"),
    path("filters/<uuid:saved>/versions/<int:number>", views.go_back, name="filter_back"),
]
