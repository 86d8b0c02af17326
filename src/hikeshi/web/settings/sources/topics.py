"""Topics of Amazon SNS on the page of a source: which may send, how far each is, and what to do about it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hikeshi.accounts.permissions import Verb
from hikeshi.intake import actions
from hikeshi.intake.queries import sourcing
from hikeshi.kernel.acting import Actor
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.choosing import offer
from hikeshi.web.leaving import done
from hikeshi.web.settings import choices
from hikeshi.web.submitting import submitted


class TopicForm(forms.Form):
    arn = forms.CharField(
        label=gettext_lazy("ARN of the topic"),
        max_length=400,
        help_text=format_lazy(
            gettext_lazy("As in {example}"), example="arn:aws:sns:ap-northeast-1:123456789012:alarms"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    organisation = forms.ChoiceField(label=gettext_lazy("Whose alerts?"))

    def __init__(self, by: Actor, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # a form takes what it takes
        offer(self, "organisation", choices.organisations(by))


@proven_again
@require_http_methods(["GET", "POST"])
def new_topic(request: SignedIn, code: str) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    line = sourcing.source(request.actor, code).line
    form = TopicForm(request.actor, asked(request))
    if submitted(form, lambda values: _allow(request.actor, code, values)):
        messages.success(request, _("Saved. Now subscribe the address to the topic at Amazon SNS."))
        return done(request, "settings:source", code)
    context = {"title": _("Take a topic of Amazon SNS"), "form": form, "line": line}
    return render(request, "web/settings/sources/topic.html", context, status=status_of(form))


def _allow(by: Actor, code: str, values: dict[str, str]) -> object:
    place = UUID(values["organisation"])
    return actions.allow_topic(by=by, source=code, arn=values["arn"], organisation=place)


@require_POST
def remove_topic(request: SignedIn, topic: UUID) -> HttpResponse:
    gone = actions.remove_topic(by=request.actor, topic=topic)
    messages.success(request, _("What this topic sends is refused from now on."))
    return redirect("settings:source", gone.source)


@require_POST
def ask_again(request: SignedIn, topic: UUID) -> HttpResponse:
    row = actions.ask_again(by=request.actor, topic=topic)
    messages.success(request, _("The desk says yes to Amazon SNS once more."))
    return redirect("settings:source", row.source)
