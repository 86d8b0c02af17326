"""The pages of mailboxes: an administrator connects one, sees what came of it, and no word of any mail."""

import pytest

from hikeshi.kernel import clock
from hikeshi.mailboxes import actions
from hikeshi.mailboxes.codes import Came
from hikeshi.mailboxes.models import Letter, Mailbox
from tests import world
from tests.mailing import mail
from tests.web.desk import browser, page

FORM = {
    "on": "on",
    "name": "Reports",
    "address": "desk@example.jp",
    "carries": "reports",
    "answers": "on",
    "imap_host": "imap.example.jp",
    "imap_security": "tls",
    "imap_username": "desk",
    "imap_password": "a-secret-word",
}


def test_a_mailbox_is_connected_changed_tried_and_removed_on_its_pages():
    keeper = browser("keeper", "administrator")
    assert "No mailbox is connected." in page(keeper.get("/settings/mailboxes/"))
    refused = page(keeper.post("/settings/mailboxes/new", {**FORM, "address": "nobody", "name": "Kept as typed"}), 422)
    assert "This is not an e-mail address." in refused
    assert "Kept as typed" in refused
    keeper.post("/settings/mailboxes/new", FORM)
    row = Mailbox.objects.get()
    at = f"/settings/mailboxes/{row.uuid}/"
    assert "a-secret-word" not in page(keeper.get(f"{at}edit"))
    old = {**FORM, "version": str(row.version), "imap_password": ""}
    keeper.post(f"{at}edit", {**old, "name": "Desk"})
    assert page(keeper.post(f"{at}edit", {**old, "name": "Mine"}), 409).count("Desk")
    keeper.post(f"{at}try")
    assert Mailbox.objects.get().look_at is not None
    keeper.post(f"{at}remove")
    assert not Mailbox.objects.exists()


def test_what_a_token_takes_is_asked_for_where_it_is_chosen_and_no_secret_is_shown():
    keeper = browser("keeper", "administrator")
    empty = page(keeper.get("/settings/mailboxes/new"))
    assert (empty.count('class="asked"'), empty.count("hidden disabled")) == (7, 6), "the password is asked for"
    form = {**FORM, "imap_password": "", "imap_auth": "microsoft", "oauth_client_secret": "a-client-secret"}
    wrong = page(keeper.post("/settings/mailboxes/new", form), 422)
    assert "This is needed." in wrong
    assert wrong.count("hidden disabled") == 3, "no password, no key and no refresh token are asked for"
    form |= {"oauth_tenant": "example.onmicrosoft.com", "oauth_client_id": "the-client"}
    keeper.post("/settings/mailboxes/new", form)
    row = Mailbox.objects.get()
    assert (row.plain["imap_auth"], row.plain["oauth_tenant"]) == ("microsoft", "example.onmicrosoft.com")
    assert "a-client-secret" not in page(keeper.get(f"/settings/mailboxes/{row.uuid}/edit"))
    clear = {**form, "version": str(row.version), "imap_security": "none"}
    assert "encrypted connection alone" in page(keeper.post(f"/settings/mailboxes/{row.uuid}/edit", clear), 422)
    mail_form = page(keeper.get("/settings/channels/mail"))
    assert mail_form.count("hidden disabled") == 6


@pytest.mark.enable_socket
def test_the_connection_is_tested_step_by_step_and_nothing_is_kept_of_it():
    keeper, clerk = browser("keeper", "administrator"), browser("mori", "commander")
    keeper.post("/settings/mailboxes/new", {**FORM, "imap_host": "127.0.0.1", "imap_port": "9", "on": ""})
    row = Mailbox.objects.get()
    at = f"/settings/mailboxes/{row.uuid}/"
    shown = page(keeper.post(f"{at}test"))
    assert "The server cannot be connected to." in shown
    assert "Connection: failed" in shown
    assert "Name of the server: in order" in shown
    assert "Sign-in: not come to" in shown
    assert clerk.post(f"{at}test").status_code == 403
    after = Mailbox.objects.get()
    assert (after.trouble, after.look_at, after.version) == ("", None, row.version)


def test_what_came_is_shown_without_a_word_of_it_and_what_was_put_aside_is_taken_up_again():
    row = actions.set_mailbox(by=world.admin(), name="A", address="a@example.jp", carries="reports", on=True)
    actions.keep(mailbox=row.uuid, raw=mail("a very private word"), came=Came.SMTP, now=clock.now())
    letter = Letter.objects.get()
    Letter.objects.update(state="parked", trouble="too_many")
    keeper, at = browser("keeper", "administrator"), f"/settings/mailboxes/{row.uuid}/"
    shown = page(keeper.get(at))
    assert "Its sender writes more than 60 mails an hour." in shown
    assert "private" not in shown
    assert "somebody@example.com" not in shown
    keeper.post(f"{at}letters/{letter.uuid}/try")
    assert Letter.objects.get().state == "waiting"
    assert browser("mori", "commander").get(at).status_code == 403
