import ast

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


CALLS = {"create_connection", "getaddrinfo", "urlopen", "open_connection", "connect_ex", "SMTP_SSL", "IMAP4_SSL"}
OF_THE_SITE_ITSELF = {
    "kernel/http/guard.py",  # the gate
    "kernel/http/proxy.py",  # the way through it where there is a proxy
    "canary/knocking.py",  # the desk's own door
    "cli/watch.py",  # from another machine, started by hand: it watches a desk and calls for help when that is down
    "cli/outcry.py",
}


def test_what_connects_asks_at_the_one_gate() -> None:
    """Names of calls that open a line by themselves; what libraries open is tried in tests/stories."""
    opening = {name for name, tree in source.modules().items() if CALLS & _called(tree)}
    assert opening == OF_THE_SITE_ITSELF


def test_where_a_call_may_go_is_said_in_one_place() -> None:
    """Whoever made a ``Permitted`` of their own would call out of a demonstration."""
    makers = {name for name, tree in source.modules().items() if {"Permitted", "Permitted.read"} & _called(tree)}
    assert makers == {"kernel/http/guard.py", "notify/setups.py"}


def _called(tree: ast.AST) -> set[str]:
    """``f`` and ``o.f`` as ``f``; ``o.f`` too, where it is two names."""
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {one.id for one in called if isinstance(one, ast.Name)}
    parts = [one for one in called if isinstance(one, ast.Attribute)]
    return names | {one.attr for one in parts} | {ast.unparse(one) for one in parts}
