from django.urls import path

from hikeshi.web.settings.courses import views

urlpatterns = [
    path("", views.courses, name="courses"),
    path("new", views.new, name="new_course"),
    path("<slug:code>", views.course, name="course"),
    path("<slug:code>/retire", views.retire, name="retire_course"),
    path("<slug:code>/restore", views.restore, name="restore_course"),
]
