"""What people were asked to decide, and the money: who decided what and why, and what it cost."""

from decimal import Decimal

from hikeshi.documents.tree import Block, Cell, Column, Heading, Paragraph, Span, Table, Text, Tone
from hikeshi.incidents import queries as incidents
from hikeshi.phrases.deciding import money
from hikeshi.phrases.incident_report import word
from hikeshi.phrases.labels import label
from hikeshi.reports import times
from hikeshi.reports.material import Material


def asked(found: Material) -> tuple[Block, ...]:
    """Questions with their answers; nothing where nothing was asked."""
    rows = found.business.decisions
    if not rows:
        return ()
    columns = (
        Column(word("question"), 2.4),
        Column(word("answer"), 1.6),
        Column(word("decided_by"), 1.6),
        Column(word("reason"), 2.2),
    )
    return (Heading(word("asked"), 2), Table(columns, tuple(_decision(one) for one in rows)))


def _decision(one: incidents.DecisionView) -> tuple[Cell, ...]:
    question = (one.question, Span(word("asked_by", who=one.asked_by, time=times.plain(one.asked_at)), Tone.QUIET))
    if one.decided_at is None:
        options = Span(" / ".join(one.options), Tone.QUIET)
        return (question, (Span(word("undecided"), Tone.GAP), options), _wanted(one), Span("-", Tone.QUIET))
    who = (one.decided_by, Span(times.plain(one.decided_at), Tone.QUIET))
    return (question, Span(one.chosen, Tone.STRONG), who, one.why)


def _wanted(one: incidents.DecisionView) -> Cell:
    who = one.of or word("whoever_may")
    return (who, Span(word("until", time=times.plain(one.due_at)), Tone.QUIET)) if one.due_at else who


def open_decisions(found: Material) -> tuple[tuple[Cell, ...], ...]:
    """Among what is not settled."""
    waiting = [one for one in found.business.decisions if one.decided_at is None]
    said: list[Text] = [one.question for one in waiting]
    return ((word("decision_open"), tuple(said)),) if said else ()


def costs(found: Material) -> tuple[Block, ...]:
    """Sums by what for and in which money, then each cost as it stands."""
    rows = found.business.costs
    head = Heading(word("costs"), 2)
    if not rows:
        return (head, Paragraph(word("no_costs"), Tone.GAP))
    parts = (Column(word("cost_of"), 2.4), Column(word("guessed"), 1.4), Column(word("paid"), 1.4))
    sums = Table((*parts, Column(word("in_all"), 1.4)), (*_by_kind(found), *_whole(found)), title=word("costs"))
    columns = (Column(word("cost"), 3.0), Column(word("amount"), 1.6), Column(word("stated"), 1.6))
    return (head, sums, Table(columns, tuple(_line(one) for one in rows)))


def _by_kind(found: Material) -> tuple[tuple[Cell, ...], ...]:
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for one in found.business.costs:
        sums.setdefault((one.row.kind, one.row.currency), [Decimal(0), Decimal(0)])[one.row.actual] += one.row.amount
    return tuple(
        (label("cost_kind", kind), *(money(sum_, currency) for sum_ in (*both, Decimal(sum(both)))))
        for (kind, currency), both in sorted(sums.items())
    )


def _whole(found: Material) -> tuple[tuple[Cell, ...], ...]:
    strong = Tone.STRONG
    return tuple(
        (
            Span(word("in_all"), strong),
            *(Span(money(part, one.currency), strong) for part in (one.estimated, one.actual, one.total)),
        )
        for one in found.business.spent
    )


def _line(line: incidents.CostLine) -> tuple[Cell, ...]:
    row = line.row
    what: list[Text] = [label("cost_kind", row.kind)]
    if row.note:
        what.append(row.note)
    surety = Span(label("cost_surety", "paid" if row.actual else "guess"), Tone.QUIET)
    before = ", ".join(money(old.amount, old.currency) for old in line.before)
    amount: list[Text] = [money(row.amount, row.currency), surety]
    if before:
        amount.append(Span(word("corrected", before=before), Tone.QUIET))
    return (tuple(what), tuple(amount), (line.set_by, Span(times.plain(row.set_at), Tone.QUIET)))
