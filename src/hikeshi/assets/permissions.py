from enum import StrEnum


class Verb(StrEnum):
    """What somebody may do with the assets of an organisation."""

    VIEW = "assets.view"
    MANAGE = "assets.manage"
