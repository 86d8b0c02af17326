"""Whoever reads the description finds each shape under a name of its own: of two under one name it shows but one."""

from collections import defaultdict

import pydantic

from hikeshi.api import service, urls  # noqa: F401  # loads every router


def _shapes(of: type[pydantic.BaseModel]) -> set[type[pydantic.BaseModel]]:
    found = set(of.__subclasses__())
    return found.union(*(_shapes(one) for one in found)) if found else found


def test_no_two_shapes_of_the_api_that_differ_bear_one_name() -> None:
    named = defaultdict(dict)
    for one in _shapes(pydantic.BaseModel):
        if one.__module__.startswith("hikeshi.api") and not one.__name__.startswith("_"):
            said = one.model_json_schema()
            named[one.__name__][str((said.get("properties"), said.get("required")))] = one.__module__
    assert len(named) > 100
    assert {name: sorted(shapes.values()) for name, shapes in named.items() if len(shapes) > 1} == {}
