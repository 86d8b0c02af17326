"""The outbox, narrowed by its address."""

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from hikeshi.phrases import labels
from hikeshi.web.filtering import Tab

COURSES = ("", "failed", "waiting", "going", "sent", "answered", "withdrawn")
PURPOSES = ("page", "told", "check", "reminder", "clock", "canary")


class Narrowed:
    def __init__(self, asked: QueryDict) -> None:
        course, purpose = asked.get("course", ""), asked.get("purpose", "")
        self.course = course if course in COURSES else ""
        self.purpose = purpose if purpose in PURPOSES else ""

    @property
    def asked(self) -> dict[str, str]:
        return {"course": self.course, "purpose": self.purpose}

    def query(self, **changes: str) -> str:
        kept = QueryDict(mutable=True)
        kept.update({name: value for name, value in {**self.asked, **changes}.items() if value})
        return kept.urlencode()

    @cached_property
    def courses(self) -> list[Tab]:
        return [Tab(_course(one), self.query(course=one), one == self.course) for one in COURSES]

    @cached_property
    def purposes(self) -> list[Tab]:
        all_ = Tab(_("Every purpose"), self.query(purpose=""), not self.purpose)
        named = [(one, labels.label("message_purpose", one)) for one in PURPOSES]
        return [all_, *(Tab(word, self.query(purpose=one), one == self.purpose) for one, word in named)]


def _course(code: str) -> str:
    return labels.label("message_course", code) if code else _("All")
