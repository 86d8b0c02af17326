"""Words of this folder, and the markings of records too."""

from enum import StrEnum


class Sort(StrEnum):
    """What an indicator is."""

    ADDRESS = "address"
    NETWORK = "network"
    DOMAIN = "domain"
    URL = "url"
    HASH = "hash"
    SENDER = "sender"  # an address that mail comes from


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0, FIRST."""

    RED = "red"
    AMBER_STRICT = "amber+strict"
    AMBER = "amber"
    GREEN = "green"
    CLEAR = "clear"


class Catalogue(StrEnum):
    KEV = "kev"
    ATTACK = "attack"
    DOMAINS = "domains"


class ListState(StrEnum):
    FILLING = "filling"
    READY = "ready"
