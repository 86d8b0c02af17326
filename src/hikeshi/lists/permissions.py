from enum import StrEnum


class Verb(StrEnum):
    """SHARE: keep a filter for everybody at this site. One's own, and one's team's, ask for nothing."""

    SHARE = "lists.share"
