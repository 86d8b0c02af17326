from django.urls import path

from hikeshi.web.contacts import parties, sheets, staff, views, ways

urlpatterns = [
    path("", views.people, name="contacts"),
    path("stale/", views.stale, name="stale_contacts"),
    path("people/<uuid:person>/", views.contact, name="contact"),
    path("people/<uuid:person>/card", views.card, name="contact_card"),
    path("people/<uuid:person>/ways/new", ways.new_of_person, name="new_way"),
    path("outside/", parties.listing, name="parties"),
    path("outside/new", parties.new, name="new_party"),
    path("outside/<uuid:party>/", parties.party, name="party"),
    path("outside/<uuid:party>/edit", parties.edit, name="edit_party"),
    path("outside/<uuid:party>/desks/new", parties.new_desk, name="new_desk"),
    path("outside/<uuid:party>/ways/new", ways.new_of_party, name="new_party_way"),
    path("outside/<uuid:party>/responsibilities", parties.responsibilities, name="responsibilities"),
    path("outside/<uuid:party>/retire", parties.retire, name="retire_party"),
    path("outside/<uuid:party>/reinstate", parties.reinstate, name="reinstate_party"),
    path("ways/<uuid:way>/edit", ways.edit, name="edit_way"),
    path("ways/<uuid:way>/first", ways.first, name="way_first"),
    path("ways/<uuid:way>/prove", ways.prove, name="prove_way"),
    path("ways/<uuid:way>/doubt", ways.doubt, name="doubt_way"),
    path("ways/<uuid:way>/remove", ways.remove, name="remove_way"),
    path("sheet/", sheets.home, name="call_sheets"),
    path("sheet/<uuid:organisation>/", sheets.sheet, name="call_sheet"),
    path("sheet/<uuid:organisation>/edit", sheets.edit, name="edit_call_sheet"),
    path("sheet/<uuid:organisation>/sheet.pdf", sheets.paper, name="call_sheet_pdf"),
    path("staff/", staff.lists, name="staff_lists"),
    path("staff/template.<slug:form>", staff.template, name="staff_template"),
    path("staff/<uuid:staff_file>/", staff.comparison, name="staff_list"),
    path("staff/<uuid:staff_file>/columns", staff.match, name="match_staff_columns"),
    path("staff/<uuid:staff_file>/close", staff.close, name="close_staff_list"),
]
