"""Whose a board of figures is. Pure."""

from enum import StrEnum


class Audience(StrEnum):
    MINE = "mine"
    EVERYONE = "everyone"
