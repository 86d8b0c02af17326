from enum import StrEnum


class Verb(StrEnum):
    """What somebody may do with load. MANAGE: say what people can and how much they work; a team's lead may for theirs.
    CONFIGURE: skills, limits and the rules of assignment.
    """

    VIEW = "load.view"
    MANAGE = "load.manage"
    CONFIGURE = "load.configure"
