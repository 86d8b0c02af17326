from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.vocabularies import Subject
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.phrases import labels
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.settings import versions
from hikeshi.web.settings.courses import forms
from hikeshi.web.settings.saving import saved


@require_GET
def courses(request: SignedIn) -> HttpResponse:
    known = incidents.in_use()
    following = {
        code: [one for one, kind in known.kinds.items() if kind.course == code] for code in known.courses.courses
    }
    rows = [(code, spec, following[code]) for code, spec in known.courses.courses.items()]
    context = {"title": _("Courses"), "courses": rows, "beside": known.courses.beside}
    return render(request, "web/settings/courses.html", {**context, **versions.known(request.actor, Subject.COURSES)})


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    drawing = forms.Drawing(forms.NewCourse, asked(request), None, incidents.latest(Subject.COURSES))
    return _drawn(request, drawing, "", _("New course"))


@require_http_methods(["GET", "POST"])
def course(request: SignedIn, code: str) -> HttpResponse:
    spec = incidents.in_use().courses.courses.get(code)
    if spec is None:
        raise NotFound("course")
    drawing = forms.Drawing(forms.Course, asked(request), spec, incidents.latest(Subject.COURSES))
    return _drawn(request, drawing, code, labels.label("course", code))


def _drawn(request: SignedIn, drawing: forms.Drawing, code: str, title: str) -> HttpResponse:
    if not incidents.may_configure(request.actor):
        raise NotAllowed(Verb.CONFIGURE)
    rows = drawing.drawn()
    done = None if rows is None else saved(drawing.course, lambda it: _save(request, code or it["code"], rows, it))
    if done is not None:
        messages.success(request, _("Saved as a new version. Records that run keep the course they took."))
        return redirect("settings:courses")
    context = {"title": title, "drawing": drawing, "form": drawing.course, "known": incidents.in_use().courses}
    context |= versions.known(request.actor, Subject.COURSES)
    return render(request, "web/settings/course.html", context, status=drawing.status)


def _save(request: SignedIn, code: str, rows: forms.Rows, it: dict[str, str]) -> object:
    version = int(it["version"]) if it["version"] not in {None, ""} else None
    phases, gates = rows
    return actions.set_course(
        by=request.actor, code=code, ja=it["ja"], en=it["en"], phases=phases, gates=gates, version=version
    )


@require_POST
def retire(request: SignedIn, code: str) -> HttpResponse:
    actions.retire_course(by=request.actor, code=code)
    messages.success(request, _("Retired: no kind can be given to it. Records on it go on."))
    return redirect("settings:courses")


@require_POST
def restore(request: SignedIn, code: str) -> HttpResponse:
    actions.retire_course(by=request.actor, code=code, retired=False)
    messages.success(request, _("Back in use."))
    return redirect("settings:courses")
