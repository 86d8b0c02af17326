from enum import StrEnum


class Verb(StrEnum):
    """SHARE: keep a board of figures for everybody at this site. LEAD: the page for whoever answers for it all."""

    SHARE = "figures.share"
    LEAD = "figures.lead"
