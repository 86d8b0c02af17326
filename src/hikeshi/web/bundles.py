"""The built browser files: plain name to the hashed one that tools/assets.py wrote."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.apps import AppConfig
from django.core import checks
from django.templatetags.static import static

import hikeshi

_VENDOR = Path(__file__).resolve().parent / "static/vendor"


@cache
def _manifest() -> dict[str, str]:
    file = _VENDOR / "manifest.json"
    if not file.exists():
        return {}
    names: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return names


@cache
def edition() -> str:
    """What pages are made of: another one after an upgrade."""
    made_of = json.dumps([hikeshi.__version__, _manifest()], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()[:12]


def url(name: str) -> str:
    return static(f"vendor/{_manifest().get(name, name)}")


def content(name: str) -> bytes | None:
    """None where it was not built."""
    file = _VENDOR / _manifest().get(name, name)
    return file.read_bytes() if file.exists() else None


def built(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[checks.CheckMessage]:
    if _manifest():
        return []
    return [checks.Warning("The browser files are not built.", hint="Run `make install`.", id="web.W001")]
