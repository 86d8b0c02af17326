from django.urls import path

from hikeshi.web.assets import files, intelligence, known, views

urlpatterns = [
    path("", views.asset_list, name="assets"),
    path("new", views.new_asset, name="new_asset"),
    path("export.<slug:form>", files.export, name="export_assets"),
    path("import", files.new_import, name="import_assets"),
    path("import/template.<slug:form>", files.template, name="asset_template"),
    path("import/<uuid:uuid>/", files.one_import, name="asset_import"),
    path("indicators/", intelligence.indicators, name="indicators"),
    path("indicators/export.<slug:form>", known.indicators, name="export_indicators"),
    path("indicators/new", intelligence.new_indicators, name="new_indicators"),
    path("indicators/files/<uuid:uuid>/", intelligence.indicator_file, name="indicator_file"),
    path("indicators/<uuid:uuid>/", intelligence.indicator_list, name="indicator_list"),
    path("indicators/<uuid:uuid>/export.<slug:form>", known.values, name="export_values"),
    path("indicators/<uuid:uuid>/remove", intelligence.remove_indicators, name="remove_indicators"),
    path("indicators/<uuid:uuid>/values/<slug:key>/remove", intelligence.remove_indicator, name="remove_indicator"),
    path("catalogues/<slug:which>", intelligence.load_catalogue, name="load_catalogue"),
    path("<uuid:uuid>/", views.asset, name="asset"),
    path("<uuid:uuid>/edit", views.edit_asset, name="edit_asset"),
    path("<uuid:uuid>/retire", views.retire_asset, name="retire_asset"),
    path("<uuid:uuid>/take-up", views.take_up_asset, name="take_up_asset"),
]
