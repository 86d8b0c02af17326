"""Messages out and the proof of each; how the channels stand; when which of one's own ways is taken."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.shapes import Code, Cursor, Input, Limit, Line, Listed, Output, Time, listed, whole
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.notify import actions, queries, rules
from hikeshi.oncall.queries import runs

router = Router(tags=["messages"], by_alias=True)


class Try(Output):
    """One try to hand it to its provider."""

    started_at: Time
    ended_at: Time | None
    result: str = Field(description="`sent`, `failed`, or `unknown`: it may have arrived.")
    error: str
    status: int | None = Field(description="What the provider answered, as HTTP or SMTP numbers it.")
    provider_id: str
    repeated: bool = Field(description="It said of itself that it may be a repeat.")
    together: int = Field(description="So many messages went out as one.")


class Answered(Output):
    choice: str
    door: str = Field(description="`link` or `mail`.")
    at: Time


class Delivery(Output):
    way: str
    kind: str
    round: int
    state: str = Field(description="`waiting`, `sending`, `sent`, `failed`, `unknown`, `withdrawn`, `not_needed`.")
    error: str
    sent_at: Time | None
    tries: list[Try]
    answers: list[Answered]


class MessageOut(Output):
    """``subject`` is what it is about; its words are made at sending and not kept."""

    uuid: UUID
    purpose: str = Field(description="`page`, `told`, `check`, `reminder`, `clock`, `canary`.")
    subject: str
    to: str = Field(description="`person:<uuid>` or `party:<uuid>`.")
    urgency: int = Field(description="1 is the most urgent.")
    course: str = Field(
        description="`waiting`, `going`, `sent`, `answered`, `withdrawn`, `not_needed`, `failed`, or `kept`."
    )
    why: str
    answer: str
    answered_at: Time | None
    queued_at: Time
    sent_at: Time | None
    ended_at: Time | None


class MessageProved(MessageOut):
    deliveries: list[Delivery]


class Messages(Listed[MessageOut]):
    pass


class Channel(Output):
    """No setting of it, and no secret."""

    kind: str
    state: str = Field(description="`off`, `broken`, `working`, `ready`, `missing`, or `open`: needs no setting up.")
    trouble: str
    broken_at: Time | None
    worked_at: Time | None
    per_minute: int = Field(description="0: without limit.")


class Channels(Listed[Channel]):
    pass


class ChannelSetting(Output):
    """What a channel of this kind is asked for."""

    name: str
    value: str = Field(description="Empty where it is not set, and always of a secret.")
    secret: bool
    is_set: bool
    needed: bool = Field(description="Without it the channel cannot be switched on.")
    choices: list[str]
    default: str


class ChannelWhole(Channel):
    on: bool
    version: int = Field(description="0: never set up.")
    settings: list[ChannelSetting]


class ChannelChange(Input):
    on: bool = True
    per_minute: int = Field(default=0, ge=0, description="0: without limit.")
    settings: dict[Code, Line] = Field(
        {}, description="By name. What is left out stays; what is empty is cleared, but for a secret, which stays."
    )
    version: int | None = Field(None, description="The number that was read; an older one answers 409.")


class Hosts(Output):
    hosts: list[str] = Field(description="Inside the network, that may be called.")
    window: int = Field(description="Seconds for which a storm is gathered.")
    version: int = Field(description="0: never set.")


class HostsChange(Input):
    hosts: list[Code] = Field(max_length=1_000)
    window: int = 20
    version: int | None = None


class ChannelTest(Input):
    way: Line = Field(description="The uuid of one of your own ways.")


class ChannelTested(Output):
    message: UUID


class CallRule(Output):
    way: str
    least: int = Field(description="Used for messages as urgent as this or more; 3: everything.")
    begin: int = Field(description="Minute of your day from which on it counts.")
    end: int = Field(description="Minute until which it counts; smaller than `begin`: past midnight.")
    after: int = Field(description="Minutes to wait before it is taken.")
    repeat: int = Field(description="Minutes until it is taken again, unless answered; 0: once.")


class CallRules(Output):
    version: int
    items: list[CallRule]


class CallRuleNew(Input):
    way: Code
    least: int = Field(default=3, ge=1, le=3)
    begin: int = Field(default=0, ge=0, le=rules.DAY)
    end: int = Field(default=rules.DAY, ge=0, le=rules.DAY)
    after: int = Field(default=0, ge=0, le=240)
    repeat: int = Field(default=0, ge=0, le=240)


class CallRulesChange(Input):
    items: list[CallRuleNew] = Field(max_length=24)
    version: int | None = None


def _hidden(by: Actor) -> list[str]:
    """Whatever speaks of a restricted record that the caller does not see, by whichever name."""
    records = incidents.hidden_subjects(by)
    return [*records, *runs.topics_of(records)]


@router.get("/messages", response=Messages, summary="Messages out, the newest first")
def list_messages(
    request: Request,
    *,
    course: Annotated[str, Query("", max_length=64, description="Only those that have come to this.")] = "",
    purpose: Annotated[str, Query("", max_length=64, description="Only those sent for this.")] = "",
    to: Annotated[str, Query("", max_length=100, description="Only those to this person or party.")] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Messages:
    by = request.auth
    named = {"course": course, "purpose": purpose, "to": to}
    return listed(Messages, queries.outbox(by, hidden=_hidden(by), cursor=cursor, limit=limit, **named))


@router.get("/messages/{message}", response=MessageProved, summary="A message, each way it took and each try")
def show_message(request: Request, message: UUID) -> MessageProved:
    row = queries.message(request.auth, message, hidden=_hidden(request.auth))
    said = MessageOut.model_validate(row).model_dump()
    return MessageProved(**said, deliveries=[_proved(one) for one in row.deliveries.all()])


def _proved(row: queries.Delivery) -> Delivery:
    return Delivery(
        way=row.way,
        kind=row.kind,
        round=row.round,
        state=row.leg,
        error=row.error,
        sent_at=row.sent_at,
        tries=[Try.model_validate(one) for one in row.proof.all()],
        answers=[Answered.model_validate(one) for one in row.answers.all()],
    )


@router.get("/channels", response=Channels, summary="How each kind of channel stands")
def list_channels(request: Request) -> Channels:
    return whole(Channels, [Channel.model_validate(one) for one in queries.channels(request.auth)])


@router.post("/channels/try", response={201: ChannelTested}, summary="A test call to one of your own ways")
def try_channel(request: Request, wanted: ChannelTest) -> ChannelTested:
    return ChannelTested(message=UUID(actions.try_channel(by=request.auth, way=wanted.way)))


@router.get("/channels/{kind}", response=ChannelWhole, summary="One channel and what is set of it; no secret")
def show_channel(request: Request, kind: str) -> ChannelWhole:
    return _whole(queries.channel(request.auth, kind))


@router.put("/channels/{kind}", response=ChannelWhole, summary="Set a channel up, or change it")
def set_channel(request: Request, kind: str, change: ChannelChange) -> ChannelWhole:
    """The command of the channel `phone` runs on the machine of the desk and is written on its page only."""
    view = queries.channel(request.auth, kind)
    for name, value in change.settings.items():
        if name not in {one.name for one in queries.asked(kind)}:
            raise Invalid(name, "unknown")
        if name in queries.ON_THE_MACHINE and value != view.plain.get(name, ""):
            raise Invalid(name, "channel_command")
    said = change.model_dump(exclude={"settings"})
    actions.set_channel(by=request.auth, kind=kind, given=change.settings, **said)
    return _whole(queries.channel(request.auth, kind))


@router.delete("/channels/{kind}", response={204: None}, summary="Forget what is set of a channel, secrets too")
def remove_channel(request: Request, kind: str) -> None:
    actions.remove_channel(by=request.auth, kind=kind)


def _whole(view: queries.ChannelView) -> ChannelWhole:
    settings = [
        ChannelSetting(
            name=one.name,
            value="" if one.secret else view.plain.get(one.name, ""),
            secret=one.secret,
            is_set=one.name in (view.kept if one.secret else view.plain),
            needed=one.needed,
            choices=list(one.choices),
            default=one.default,
        )
        for one in queries.asked(view.line.kind)
    ]
    line = Channel.model_validate(view.line).model_dump()
    return ChannelWhole(**line, on=view.on, version=view.line.version, settings=settings)


@router.get("/channel-hosts", response=Hosts, summary="Hosts inside the network that may be called")
def show_channel_hosts(request: Request) -> Hosts:
    now = queries.bounds(request.auth)
    return Hosts(hosts=now.hosts.split(), window=now.window, version=now.version if now.changed_by else 0)


@router.put("/channel-hosts", response=Hosts, summary="Settle which hosts inside the network may be called")
def set_channel_hosts(request: Request, change: HostsChange) -> Hosts:
    hosts = "\n".join(change.hosts)
    actions.set_hosts(by=request.auth, hosts=hosts, window=change.window, version=change.version)
    return show_channel_hosts(request)


@router.get("/call-rules", response=CallRules, summary="When which of your own ways is taken")
def show_call_rules(request: Request) -> CallRules:
    lines, version = queries.own_lines(request.auth)
    return CallRules(version=version, items=[CallRule.model_validate(one) for one in lines])


@router.put("/call-rules", response=CallRules, summary="Settle when which of your own ways is taken")
def set_call_rules(request: Request, change: CallRulesChange) -> CallRules:
    """None: the desk chooses."""
    lines = [rules.Line(**dict(one)) for one in change.items]
    actions.set_own_rules(by=request.auth, lines=lines, version=change.version)
    return show_call_rules(request)
