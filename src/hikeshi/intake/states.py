"""How alerts, rules and sources look to `verify --state`: the columns that facts write."""

from collections.abc import Iterator

from hikeshi.intake import site_rules, site_sources
from hikeshi.intake.models import (
    Alert,
    Benign,
    FlapTerms,
    Inhibition,
    NoiseTerms,
    RuleVersion,
    Silence,
    SiteRule,
    SiteSource,
    SourceVersion,
    SourceWatch,
    Topic,
)
from hikeshi.intake.queries.ruling import terms_in
from hikeshi.intake.queries.taking_up import mapped_in
from hikeshi.kernel.facts import commit
from hikeshi.ledger import states


def _alerts() -> Iterator[tuple[str, states.Columns]]:
    spoken_of = Alert.objects.filter(announced=True)
    for uuid, verdict, rule, case in spoken_of.values_list("uuid", "verdict", "rule", "case").iterator():
        yield str(uuid), {"verdict": verdict, "rule": rule, "case": case}


states.register("intake.alert", _alerts)


def _rules() -> Iterator[tuple[str, states.Columns]]:
    for row in SiteRule.objects.order_by("pk").iterator(chunk_size=500):
        review = row.review.isoformat() if row.review else ""
        plain: states.Columns = {"code": row.code, "state": row.state, "live": row.live}
        yield str(row.uuid), {**plain, "owner": row.owner, "review": review}


def _versions() -> Iterator[tuple[str, states.Columns]]:
    for row in RuleVersion.objects.select_related("rule").order_by("pk").iterator(chunk_size=500):
        content = commit(site_rules.content(terms_in(row)), row.secret).digest
        yield str(row.uuid), {"rule": str(row.rule.uuid), "number": row.number, "content": content}


states.register("intake.rule", _rules)
states.register("intake.rule_version", _versions)


def _sources() -> Iterator[tuple[str, states.Columns]]:
    for row in SiteSource.objects.order_by("pk").iterator(chunk_size=500):
        yield str(row.uuid), {"code": row.code, "state": row.state, "newest": row.newest}


def _source_versions() -> Iterator[tuple[str, states.Columns]]:
    for row in SourceVersion.objects.select_related("source").order_by("pk").iterator(chunk_size=500):
        content = commit(site_sources.content(mapped_in(row)), row.secret).digest
        yield str(row.uuid), {"source": str(row.source.uuid), "number": row.number, "content": content}


def _watches() -> Iterator[tuple[str, states.Columns]]:
    for row in SourceWatch.objects.order_by("pk").iterator(chunk_size=500):
        yield str(row.uuid), {"code": row.code, "days": row.quiet_days, "owner": row.owner}


def _topics() -> Iterator[tuple[str, states.Columns]]:
    for row in Topic.objects.select_related("organisation").order_by("pk").iterator(chunk_size=500):
        whose: states.Columns = {"source": row.source, "arn": row.arn, "organisation": str(row.organisation.uuid)}
        yield str(row.uuid), {**whose, "state": row.state}


states.register("intake.topic", _topics)
states.register("intake.source_watch", _watches)
states.register("intake.source", _sources)
states.register("intake.source_version", _source_versions)


def _silences() -> Iterator[tuple[str, states.Columns]]:
    for row in Silence.objects.order_by("pk").iterator(chunk_size=500):
        content = commit(f"{row.title}\n{row.matchers}\n{row.reason}", row.secret).digest
        yield str(row.uuid), {"over": row.ended_at is not None, "owner": row.owner, "content": content}


states.register("intake.silence", _silences)


def _inhibitions() -> Iterator[tuple[str, states.Columns]]:
    for row in Inhibition.objects.order_by("pk").iterator(chunk_size=500):
        plain: states.Columns = {"over": row.ended_at is not None, "owner": row.owner, "number": row.number}
        yield str(row.uuid), {**plain, "content": commit(row.content, row.secret).digest}


states.register("intake.inhibition", _inhibitions)


def _benign() -> Iterator[tuple[str, states.Columns]]:
    for row in Benign.objects.order_by("pk").iterator(chunk_size=500):
        plain: states.Columns = {"over": row.ended_at is not None, "owner": row.owner, "until": row.until.isoformat()}
        yield str(row.uuid), {**plain, "content": commit(row.content, row.secret).digest}


def _flapping() -> Iterator[tuple[str, states.Columns]]:
    for changes, minutes in FlapTerms.objects.order_by("pk").values_list("changes", "minutes")[:1]:
        yield "site", {"changes": changes, "minutes": minutes}


def _noise() -> Iterator[tuple[str, states.Columns]]:
    for on in NoiseTerms.objects.order_by("pk").values_list("reported", flat=True)[:1]:
        yield "site", {"on": on}


states.register("intake.noise", _noise)
states.register("intake.benign", _benign)
states.register("intake.flapping", _flapping)
