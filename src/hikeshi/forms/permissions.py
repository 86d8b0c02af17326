from enum import StrEnum


class Verb(StrEnum):
    """CONFIGURE: make the forms that people report and ask with. Who may fill one in is said in the form itself."""

    CONFIGURE = "forms.configure"
