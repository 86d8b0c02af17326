"""Why a rule cannot be used. Known by the reader of its text and by the compiler of its conditions."""


class BadRule(Exception):
    """The file, the line, and why: ``why`` for a log, ``code`` and ``params`` for the reader's own words."""

    def __init__(self, file: str, line: int, why: str, code: str = "rule_unusable", **params: str) -> None:
        super().__init__(f"{file}:{line}: {why}")
        self.file, self.line, self.why, self.code = file, line, why, code
        self.params = {"detail": why, **params, "line": str(line)}
        self.stands = ""  # the rule that judges in its place: as the file said before somebody changed it
