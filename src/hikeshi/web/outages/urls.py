from django.urls import path

from hikeshi.web.outages import taking, views

urlpatterns = [
    path("", views.outages, name="outages"),
    path("export.<slug:form>", taking.taken, name="export_outages"),
]
