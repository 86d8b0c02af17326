"""Every act of the room by the word in its address."""

from collections.abc import Mapping
from types import MappingProxyType

from hikeshi.kernel.refusals import NotFound
from hikeshi.web.room.acts import (
    assets,
    calling,
    chat,
    course,
    deciding,
    estimating,
    kin,
    outage,
    parts,
    people,
    planning,
    record,
    talk,
    waiting,
)
from hikeshi.web.room.acts.form import ActForm

ACTS: Mapping[str, type[ActForm]] = MappingProxyType(
    {
        "edit": record.Edit,
        "kind": record.Kind,
        "classify": record.Classify,
        "priority": record.Priority,
        "marking": record.Marking,
        "restrict": record.Restrict,
        "unrestrict": record.Unrestrict,
        "merge": kin.Merge,
        "unmerge": kin.Unmerge,
        "split": kin.Split,
        "put-under": kin.PutUnder,
        "add-reports": kin.AddReports,
        "take-out": kin.TakeFromUnder,
        "answer-all": kin.AnswerAll,
        "close-all": kin.CloseAll,
        "hold": record.Hold,
        "release": record.Release,
        "move": course.Move,
        "finish": course.Finish,
        "skip": course.Skip,
        "confirm": course.Confirm,
        "close": course.Close,
        "reopen": course.Reopen,
        "wait": waiting.Wait,
        "resume": waiting.Resume,
        "assign": people.Assign,
        "take": people.Take,
        "add-person": people.AddPerson,
        "remove-person": people.RemovePerson,
        "answer-call": calling.AnswerCall,
        "hand-over-call": calling.HandOverCall,
        "ask-for-help": calling.AskForHelp,
        "call-again": calling.CallAgain,
        "publish-outage": outage.Publish,
        "update-outage": outage.Update,
        "end-outage": outage.End,
        "make-room": chat.MakeRoom,
        "close-room": chat.CloseRoom,
        "note": parts.Note,
        "add-task": parts.AddTask,
        "assign-task": parts.AssignTask,
        "plan-task": planning.PlanTask,
        "take-task": parts.TakeTask,
        "estimate": estimating.Estimate,
        "estimate-task": estimating.EstimateTask,
        "ask-decision": deciding.AskDecision,
        "decide": deciding.Decide,
        "withdraw-decision": deciding.WithdrawDecision,
        "add-cost": deciding.AddCost,
        "correct-cost": deciding.CorrectCost,
        "finish-task": parts.FinishTask,
        "reopen-task": parts.ReopenTask,
        "set-fact": parts.SetFact,
        "set-moment": parts.SetMoment,
        "add-link": parts.AddLink,
        "link-asset": assets.LinkAsset,
        "unlink-asset": assets.UnlinkAsset,
        "remove-link": parts.RemoveLink,
        "remove-file": parts.RemoveFile,
        "reply": talk.Reply,
        "mark-read": talk.MarkRead,
        "withdraw-question": talk.WithdrawQuestion,
        "turn": talk.Turn,
        "erase-reporter": talk.EraseReporter,
    }
)


def find(name: str) -> type[ActForm]:
    """Raises NotFound."""
    if name not in ACTS:
        raise NotFound("act")
    return ACTS[name]
