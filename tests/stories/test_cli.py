"""The command line in this process: what it prints, what it answers, what it refuses."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from hikeshi.accounts import queries
from hikeshi.accounts.models import Person, Site
from hikeshi.cli import arguments, words
from hikeshi.cli.main import main
from hikeshi.ledger.models import Entry, Head
from hikeshi.ledger.triggers import lifted
from tests import world

Output = pytest.CaptureFixture[str]
VERBS = (
    "backup demo head prepare replay restore serve site user token verify watch",
    "token create,token list,token revoke,site show,site hold,site release,user add,user list,user password",
)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def hikeshi(output: Output, *verb: str) -> tuple[int, str]:
    status = main(verb)
    printed = output.readouterr()
    return status, printed.out + printed.err


def last_word(output: Output, *verb: str) -> str:
    status, printed = hikeshi(output, *verb)
    assert status == 0, printed
    return printed.split()[-1]


@pytest.mark.parametrize("verb", [*VERBS[0].split(), *VERBS[1].split(",")])
def test_every_verb_explains_itself_in_both_languages(
    verb: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for language in ("C.UTF-8", "ja_JP.UTF-8"):
        monkeypatch.setenv("LANG", language)
        words.speak()
        with pytest.raises(SystemExit) as leaving:
            arguments.parser().parse_args([*verb.split(), "--help"])
        assert leaving.value.code == 0
        told.append(capsys.readouterr().out)
    assert "show this help message" in told[0]
    assert "この説明を表示して終了します" in told[1]
    assert told[0] != told[1]


def test_an_intake_token_is_the_last_word_and_opens_its_source_only(capsys: Output) -> None:
    root = world.site()
    secret = last_word(capsys, "token", "create", "--source", "wazuh")
    bearer = queries.actor_of_token(secret, "intake")
    assert bearer is not None
    assert (bearer.ref, bearer.organisations("intake.send")) == ("machine:wazuh", frozenset({root.pk}))
    assert queries.actor_of_token(secret, "api") is None


def test_an_api_token_is_the_last_word_and_acts_as_its_user(capsys: Output) -> None:
    world.site()
    secret = last_word(capsys, "token", "create", "--scope", "api", "--user", "admin")
    bearer = queries.actor_of_token(secret, "api")
    assert bearer is not None
    assert bearer.person_id == Person.objects.get(username="admin").pk


def test_a_token_belongs_to_the_organisation_it_is_made_for(capsys: Output) -> None:
    branch = world.organisation("Osaka")
    secret = last_word(capsys, "token", "create", "--source", "suricata", "--organisation", "Osaka")
    bearer = queries.actor_of_token(secret, "intake")
    assert bearer is not None
    assert bearer.organisations("intake.send") == frozenset({branch.pk})


def test_a_token_ends_with_the_day_it_was_given_where_the_site_is(capsys: Output) -> None:
    world.site()
    last_word(capsys, "token", "create", "--source", "wazuh", "--expires", "2031-03-31")
    expires = json.loads(hikeshi(capsys, "token", "list", "--json")[1])[0]["expires_at"]
    assert expires == "2031-03-31T14:59:59.999999+00:00"


def test_a_revoked_token_opens_nothing(capsys: Output) -> None:
    world.site()
    secret = last_word(capsys, "token", "create", "--source", "wazuh")
    identifier = json.loads(hikeshi(capsys, "token", "list", "--json")[1])[0]["token"]
    assert hikeshi(capsys, "token", "revoke", identifier)[0] == 0
    assert queries.actor_of_token(secret, "intake") is None
    assert json.loads(hikeshi(capsys, "token", "list", "--json")[1])[0]["state"] == "revoked"


def test_the_list_of_tokens_holds_no_secret(capsys: Output) -> None:
    world.site()
    secret = last_word(capsys, "token", "create", "--source", "wazuh")
    for shown in (hikeshi(capsys, "token", "list")[1], hikeshi(capsys, "token", "list", "--json")[1]):
        assert "wazuh" in shown
        assert secret not in shown


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        (("token", "create"), "user: This is needed."),
        (("token", "create", "--scope", "api", "--user", "nobody"), "not here"),
        (("token", "create", "--source", "wazuh", "--organisation", "Nowhere"), "not here"),
        (("token", "create", "--source", "wazuh", "--expires", "tomorrow"), "expires: Write a day"),
        (("token", "create", "--source", "wazuh", "--expires", "2001-01-01"), "already passed"),
        (("token", "revoke", "x"), "not here"),
        (("user", "password", "nobody"), "not here"),
        (("user", "add", "admin", "--name", "Second"), "already in use"),
        (("verify", "--against", "hikeshi-head:1:1:00:20260101T000000Z:x"), "not signed by this site"),
        (("verify", "--against", "/nowhere"), "not signed by this site"),
        (("backup", "/nowhere/at/all"), "No such file"),
        (("restore", "/nowhere/at/all"), "not a whole backup"),
    ],
)
def test_a_refusal_is_a_sentence_and_status_1(verb: tuple[str, ...], told: str, capsys: Output) -> None:
    world.site()
    before = Entry.objects.count()
    status, printed = hikeshi(capsys, *verb)
    assert status == 1
    assert told in printed
    assert "Traceback" not in printed
    assert Entry.objects.count() == before


def test_a_user_added_with_a_role_holds_it_and_signs_in_with_the_last_word(capsys: Output) -> None:
    world.site()
    secret = last_word(capsys, "user", "add", "kato", "--name", "加藤", "--role", "responder")
    kato = Person.objects.get(username="kato")
    assert kato.check_password(secret)
    assert queries.actor_of(kato).may("incidents.work")


def test_a_user_whose_role_is_unknown_is_not_added_at_all(capsys: Output) -> None:
    world.site()
    assert hikeshi(capsys, "user", "add", "kato", "--name", "加藤", "--role", "king")[0] == 1
    assert not Person.objects.filter(username="kato").exists()


def test_a_new_password_replaces_the_old_one(capsys: Output) -> None:
    world.site()
    secret = last_word(capsys, "user", "password", "admin")
    admin = Person.objects.get(username="admin")
    assert admin.check_password(secret)
    assert not admin.check_password(world.PASSWORD)


def test_holding_and_releasing_the_site_is_on_record(capsys: Output) -> None:
    world.site()
    assert hikeshi(capsys, "site", "hold")[0] == 0
    assert not Site.objects.get().live
    assert json.loads(hikeshi(capsys, "site", "show", "--json")[1])["live"] is False
    assert hikeshi(capsys, "site", "release")[0] == 0
    assert Site.objects.get().live
    acts = Entry.objects.filter(subject="site:1", actor="system:command-line").order_by("number")
    assert [entry.fact for entry in acts] == ["accounts.SiteHeld", "accounts.SiteReleased"]


def test_an_untouched_ledger_holds_against_the_head_it_printed(capsys: Output, tmp_path: Path) -> None:
    world.site()
    kept = tmp_path / "head.txt"
    kept.write_text(f"mailed on Monday:\n{last_word(capsys, 'head')}\n", encoding="utf-8")
    world.organisation("Osaka")
    status, printed = hikeshi(capsys, "verify", "--against", str(kept), "--state", "--json")
    report = json.loads(printed)
    assert status == 0
    assert report["holds"]
    assert report["entries"] == Entry.objects.count()


def test_one_changed_byte_is_named(capsys: Output) -> None:
    world.organisation("Osaka")
    entry = Entry.objects.get(number=3)
    with lifted(connection):
        Entry.objects.filter(number=3).update(body=entry.body[:-1] + "]")
    status, printed = hikeshi(capsys, "verify")
    assert status == 1
    assert "Entry 3 was changed" in printed


def test_a_cut_tail_is_found_by_the_head_kept_elsewhere(capsys: Output) -> None:
    world.site()
    kept = last_word(capsys, "head")
    last = Entry.objects.count()
    before = Entry.objects.get(number=last - 1)
    with lifted(connection):
        Entry.objects.filter(number=last).delete()
        Head.objects.update(number=before.number, hash=before.hash)
    assert hikeshi(capsys, "verify")[0] == 0
    status, printed = hikeshi(capsys, "verify", "--against", kept)
    assert status == 1
    assert f"ends before entry {last}" in printed


def test_a_row_edited_behind_the_desks_back_is_named(capsys: Output) -> None:
    world.site()
    Site.objects.update(live=False)
    assert hikeshi(capsys, "verify")[0] == 0
    status, printed = hikeshi(capsys, "verify", "--state")
    assert status == 1
    assert "Row accounts.site:1 was changed behind the desk's back: live" in printed


def test_a_missing_guard_is_named_and_prepare_puts_it_back(capsys: Output) -> None:
    world.site()
    with connection.cursor() as cursor:
        on = " ON ledger_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER ledger_entry_refuse_delete{on}")
    status, printed = hikeshi(capsys, "verify")
    assert status == 1
    assert "ledger_entry_refuse_delete" in printed
    assert hikeshi(capsys, "prepare")[0] == 0
    assert hikeshi(capsys, "verify")[0] == 0


def test_nothing_is_replayed_where_no_desk_answers(
    capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests may have a desk of their own at the usual port."""
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, port=1))
    world.site()
    file = tmp_path / "alerts.json"
    file.write_text("[]", encoding="utf-8")
    before = Entry.objects.count()
    status, printed = hikeshi(capsys, "replay", str(file), "--source", "wazuh")
    assert status == 1
    assert "hikeshi serve" in printed
    assert Entry.objects.count() == before


def test_a_backup_is_private_holds_no_key_and_opens_no_session(capsys: Output, tmp_path: Path) -> None:
    world.site()
    file = tmp_path / "site.backup"
    assert hikeshi(capsys, "backup", str(file))[0] == 0
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if settings.MASTER_KEY.encode() in archive.read(name)]
        assert "rows/accounts_person.ndjson" in archive.namelist()
        assert "rows/accounts_session.ndjson" not in archive.namelist()


def test_a_backup_never_replaces_a_file_and_leaves_no_half_one(capsys: Output, tmp_path: Path) -> None:
    world.site()
    file = tmp_path / "precious"
    file.write_text("something else", encoding="utf-8")
    assert hikeshi(capsys, "backup", str(file))[0] == 1
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["something else"]
