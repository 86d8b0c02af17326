from django.urls import path

from hikeshi.web.settings.people import files, views

urlpatterns = [
    path("", views.people, name="people"),
    path("new", views.new, name="new_person"),
    path("export.<slug:form>", files.export, name="export_people"),
    path("template.<slug:form>", files.template, name="people_template"),
    path("import", files.new_import, name="import_people"),
    path("import/<uuid:people_file>", files.one_import, name="people_import"),
    path("<uuid:person>", views.person, name="person"),
    path("<uuid:person>/edit", views.edit, name="edit_person"),
    path("<uuid:person>/move", views.move, name="move_person"),
    path("<uuid:person>/sign-out", views.sign_out, name="sign_out_person"),
    path("<uuid:person>/grant", views.grant, name="grant_role"),
    path("<uuid:person>/revoke/<slug:role>/<uuid:organisation>", views.revoke, name="revoke_role"),
    path("<uuid:person>/invite", views.invite, name="invite_person"),
    path("<uuid:person>/deactivate", views.deactivate, name="deactivate_person"),
    path("<uuid:person>/reactivate", views.reactivate, name="reactivate_person"),
    path("<uuid:person>/second-factors/remove", views.remove_second_factors, name="remove_second_factors"),
]
