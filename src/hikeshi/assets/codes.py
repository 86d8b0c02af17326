"""The fixed vocabularies of assets."""

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    SERVICE = "service"
    SYSTEM = "system"
    DEVICE = "device"
    DATA_STORE = "data_store"
    NETWORK = "network"
    ACCOUNTS = "accounts"
    SITE = "site"


class Criticality(IntEnum):
    """What depends on it. 4 is the gravest: without it the business stands still, or people come to harm."""

    LOW = 1
    ORDINARY = 2
    IMPORTANT = 3
    CRITICAL = 4


class Data(StrEnum):
    """Classes of data held. SPECIAL_CARE is 要配慮個人情報 (個人情報保護法 第2条第3項)."""

    PERSONAL = "personal"
    SPECIAL_CARE = "special_care"
    CUSTOMER = "customer"
    CARD = "card"
    CREDENTIALS = "credentials"
    TRADE_SECRET = "trade_secret"  # noqa: S105  # a class of data, no secret


class IdentifierType(StrEnum):
    """How machines name an asset. NAME is a host name or FQDN, ADDRESS an IP address or a network (CIDR), ID what a
    cloud or a device manager calls it (an ARN, a device id), DOMAIN what its mail addresses end with.
    """

    NAME = "name"
    ADDRESS = "address"
    MAC = "mac"
    ID = "id"
    DOMAIN = "domain"
    ACCOUNT = "account"


class How(StrEnum):
    """Why an asset is held to be hit: which of its identifiers the alert named; CALLED is the asset's own name."""

    CALLED = "called"
    NAME = "name"
    ADDRESS = "address"
    NETWORK = "network"
    MAC = "mac"
    ID = "id"
    DOMAIN = "domain"
    ACCOUNT = "account"
    PERSON = "person"
