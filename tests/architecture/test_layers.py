from django.apps import apps
from django.db.models import Field, Model
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture import source


def package_of(name: str) -> str:
    return name.split(".")[1]


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("hikeshi.")]


def test_no_foreign_key_points_upward() -> None:
    """import-linter does not see "incidents.Incident" written as text."""
    upward = []
    for model in own_models():
        for field in model._meta.get_fields():
            related = field.related_model
            if not isinstance(field, Field) or related is None or not related.__module__.startswith("hikeshi."):
                continue
            here, there = package_of(model.__module__), package_of(related.__module__)
            if here != there and source.layers()[here] >= source.layers()[there]:
                upward.append(f"{model._meta.label}.{field.name} -> {related._meta.label}")
    assert own_models()
    assert not upward


def test_every_package_has_its_row_in_the_layers() -> None:
    packages = {path.name for path in source.PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert packages <= set(source.layers())


def test_views_belong_to_the_surface_that_serves_them() -> None:
    """A domain that answered requests itself would be a second door."""
    allowed = {"web", "portal", "api", "chat", "config", "edge"}
    elsewhere = [
        view for view in _views(get_resolver()) if view.startswith("hikeshi.") and package_of(view) not in allowed
    ]
    assert not elsewhere


def _views(resolver: URLResolver) -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found += _views(entry)
        elif isinstance(entry, URLPattern):
            found.append(getattr(entry.callback, "__module__", ""))
    return found
