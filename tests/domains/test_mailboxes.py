"""Mail to the desk: on disk before anybody is told so, once, and each becomes what its mailbox is for."""

from base64 import b64encode
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Attachment, Incident, Message, Reporter
from hikeshi.intake.inbox.models import Item
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.ledger.models import Entry
from hikeshi.mailboxes import actions, queries, sealed
from hikeshi.mailboxes.codes import Came, State
from hikeshi.mailboxes.models import Letter, Mailbox
from hikeshi.notify import actions as notify
from hikeshi.notify.channels.mail import Mail
from hikeshi.notify.handing import Failed, Fault, Handed
from hikeshi.notify.replies.imap import Place
from tests import world
from tests.mailing import bounce

PASSED = "mx.example.jp; dmarc=pass header.from=example.jp"


def box(carries="reports", **more):
    keeper = world.admin()
    given = {"name": carries, "address": f"{carries}@example.jp", "on": True, "trusted": "mx.example.jp", **more}
    return actions.set_mailbox(by=keeper, carries=carries, **given)


def mail(text="画面が赤いです", sender="Taro <taro@example.jp>", subject="画面の異常", **heads):
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, "desk@example.jp", subject
    made["Message-ID"] = f"<{abs(hash((text, sender, subject)))}@example.jp>"
    for name, value in heads.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def come(row, *mails, came=Came.SMTP):
    kept = [actions.keep(mailbox=row.uuid, raw=raw_of(one), came=came, now=world.clock.now()) for one in mails]
    while actions.take_next(world.clock.now()):
        continue
    return kept


def raw_of(one):
    return one if isinstance(one, bytes) else one.as_bytes()


@pytest.fixture
def sent(monkeypatch):
    """What the site's mail server was given."""
    keeper, out = world.admin(), []
    given = {"host": "mail.example.jp", "sender": "hikeshi@example.jp"}
    notify.set_channel(by=keeper, kind="mail", given=given)
    monkeypatch.setattr(Mail, "carry", lambda self, mail, to, setup: out.append((to, mail)) or Handed(status=250))
    return out


def answered():
    while queries.any_answer_due(world.clock.now()) and actions.answer_next(world.clock.now()):
        continue


def test_a_mail_becomes_a_report_with_itself_as_evidence_and_is_answered_once(sent):
    row = box()
    letter = mail(Authentication_Results=PASSED.replace("pass", "none", 1))
    letter.add_attachment(b"PNG", maintype="image", subtype="png", filename="画面.png")
    assert come(row, letter, letter) == [True, False]
    again = letter.as_bytes().replace(b"From:", b"Received: by another\r\nFrom:", 1)
    assert come(row, again) == [False]
    incident, reporter = Incident.objects.get(), Reporter.objects.get()
    assert (reporter.via, reporter.contact, reporter.person_id) == ("mail", "taro@example.jp", None)
    assert incident.title == "画面の異常"
    assert set(Attachment.objects.values_list("name", flat=True)) == {"mail.eml", "画面.png"}
    answered()
    answered()
    [(to, said)] = sent
    assert to == "taro@example.jp"
    assert incident.ref in said["Subject"]
    assert (said["Auto-Submitted"], said["Reply-To"]) == ("auto-replied", "reports@example.jp")
    kept = Letter.objects.get()
    assert (kept.state, kept.answer, bytes(kept.raw), kept.ref) == ("done", "sent", b"", incident.ref)


def test_the_code_in_the_answer_follows_the_report_and_a_reply_threads_onto_it(sent):
    row = box()
    come(row, mail())
    answered()
    text = sent[0][1].get_content()
    code = next(word.strip(".。") for word in text.split() if word.count("-") == 4)
    assert code
    reply = mail("まだ赤いです\n\n> 受け付けました", subject="Re:", In_Reply_To=sent[0][1]["Message-ID"])
    reply.add_attachment(b"LOG", maintype="text", subtype="x-log", filename="a.log")
    come(row, reply)
    assert Incident.objects.count() == 1
    assert list(Message.objects.order_by("id").values_list("text", flat=True))[1:] == ["まだ赤いです"]
    assert Attachment.objects.filter(name="a.log").exists()
    answered()
    assert len(sent) == 1
    forged = sent[0][1]["Message-ID"].replace("report.", "report.0", 1)
    come(row, mail("もう一つ", In_Reply_To=forged))
    assert Incident.objects.count() == 2


def test_a_reply_in_the_name_of_an_ended_code_is_a_report_of_its_own(sent):
    row = box()
    come(row, mail())
    answered()
    keeper = world.admin()
    incidents.renew_follow_code(by=keeper, ref=Incident.objects.get().ref, nonce="a-new-nonce-0123456789")
    come(row, mail("後から", In_Reply_To=sent[0][1]["Message-ID"]))
    assert Incident.objects.count() == 2


def test_only_a_proven_sender_is_the_person_with_that_address():
    taro = world.person("taro", "reporter")
    type(taro).objects.filter(pk=taro.pk).update(email="taro@example.jp")
    row = box()
    other = PASSED.replace("mx.example.jp", "mx.evil.example")
    come(row, mail("一", Authentication_Results=PASSED), mail("二", Authentication_Results=other))
    assert list(Reporter.objects.order_by("id").values_list("person__username", flat=True)) == ["taro", None]


@pytest.mark.parametrize(
    "heads",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"sender": "hikeshi@example.jp"},
    ],
)
def test_machines_and_the_desk_itself_are_kept_and_never_answered(sent, heads):
    come(box(), mail(**heads), bounce("x"))
    answered()
    assert not Incident.objects.exists()
    assert not sent
    assert set(Letter.objects.values_list("state", flat=True)) == {"kept"}
    assert sealed.open_letter(bytes(Letter.objects.first().raw)) is not None


def test_forged_and_suppressing_senders_report_but_get_no_answer(sent):
    forged = mail("一", Authentication_Results="mx.example.jp; dmarc=fail header.from=example.jp")
    come(box(), forged, mail("二", X_Auto_Response_Suppress="All"))
    answered()
    assert Incident.objects.count() == 2
    assert not sent


def test_a_flood_of_one_sender_is_answered_five_times_and_then_put_aside(sent):
    row = box()
    come(row, *[mail(f"{one}", subject=f"s{one}") for one in range(62)])
    answered()
    assert len(sent) == 5
    assert list(Letter.objects.filter(state="parked").values_list("trouble", flat=True)) == ["too_many"] * 2
    world.clock.fast_forward(timedelta(hours=2))
    for one in Letter.objects.filter(state="parked"):
        actions.try_letter(by=world.admin(), letter=one.uuid)
    assert Entry.objects.filter(fact="mailboxes.LetterTriedAgain").count() == 2


def test_a_forwarded_phish_gives_its_traces_and_its_evidence():
    bad = EmailMessage()
    bad["From"], bad["Reply-To"], bad["Subject"] = "Bank <bank@evil.example>", "x@other.example", "至急"
    bad.set_content("https://evil.example/login")
    letter = mail("怪しい")
    letter.add_attachment(bad, filename="bad.eml")
    come(box("phishing"), letter)
    text = Message.objects.get().text
    assert "hxxps[://]evil[.]example/login" in text
    assert "https://" not in text
    assert "bank[@]evil[.]example" in text
    assert {"mail.eml", "bad.eml"} <= set(Attachment.objects.values_list("name", flat=True))
    assert Incident.objects.get().kind == "phishing"


CUT = b"=?UTF-8?B?" + b64encode("途中で切れた件名".encode()[:-1]) + b"?="


@pytest.mark.parametrize("carries", ["reports", "phishing"])
def test_a_subject_cut_in_the_middle_of_a_letter_parks_no_report(carries):
    phish = b"From: bank@evil.example\r\nSubject: " + CUT + b"\r\nX-A: \xff\r\n\r\nhttps://evil.example/\r\n"
    whole = b"From: taro@example.jp\r\nSubject: " + CUT + b"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
    whole += b"boundary=b\r\n\r\n--b\r\n\r\nlook\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + phish
    whole += b"\r\n--b--\r\n"
    come(box(carries), whole)
    assert Letter.objects.get().state == "done"
    assert "途中で切れた件〓" in Message.objects.get().text


def test_a_sender_with_a_nul_in_the_address_parks_no_report():
    come(box(), b"From: Taro <ta\x00ro@example.jp>\r\nSubject: look\r\n\r\nhere\r\n")
    assert Letter.objects.get().state == "done"
    assert Incident.objects.get().title == "look"


def test_a_reply_that_is_only_a_cut_subject_threads_all_the_same(sent):
    row = box()
    come(row, mail())
    answered()
    head = f"From: taro@example.jp\r\nIn-Reply-To: {sent[0][1]['Message-ID']}\r\nSubject: ".encode()
    come(row, head + CUT + b"\r\n\r\n\r\n")
    assert not Letter.objects.exclude(state="done").exists()
    assert Incident.objects.count() == 1


def test_a_mail_bomb_becomes_a_report_with_itself_as_evidence_and_the_next_mail_is_taken():
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one) for one in range(2_000)
    )
    bomb = b"From: a@evil.example\r\nSubject: deep\r\n" + parts + b"Content-Type: text/plain\r\n\r\nthe words"
    flat = b"From: b@evil.example\r\nSubject: wide\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(
        b"--b\r\nContent-Disposition: attachment; filename=%d\r\n\r\nx\r\n" % one for one in range(3_000)
    )
    come(box(), bomb, flat, mail())
    assert set(Incident.objects.values_list("title", flat=True)) == {"deep", "wide", "画面の異常"}
    assert not Letter.objects.exclude(state="done").exists()
    assert Attachment.objects.filter(name="mail.eml").count() == 3
    assert Attachment.objects.count() < 300


def test_an_alert_by_mail_goes_through_the_inbox_once_and_only_from_those_who_count():
    row = box("alerts", source="mail", senders="provider.example")
    proven = "mx.example.jp; dmarc=pass header.from=provider.example"
    soc = {"sender": "soc@provider.example", "Auto_Submitted": "auto-generated"}
    good = mail("重要度：高\nホスト名：web01", Authentication_Results=proven, **soc)
    come(row, good)
    Letter.objects.update(state=State.WAITING, raw=sealed.seal_letter(good.as_bytes()))  # the power failed here
    come(row, mail("重要度：高 2", **soc), mail("x", sender="a@evil.example"))
    item = Item.objects.get()
    assert item.source == "mail"
    assert "重要度" in bytes(item.body).decode()
    assert sorted(Letter.objects.filter(state="parked").values_list("trouble", flat=True)) == [
        "unknown_sender",
        "unproven_sender",
    ]


def test_a_letter_that_fails_keeps_no_other_from_being_taken(monkeypatch, sent):
    row = box()
    from hikeshi.mailboxes.actions import reporting

    real = reporting.take
    monkeypatch.setattr(
        reporting, "take", lambda row, mail, *rest: 1 / 0 if "poison" in mail.subject else real(row, mail, *rest)
    )
    come(row, mail(subject="poison"), mail("good"))
    assert Incident.objects.count() == 1
    for _ in range(5):
        world.clock.fast_forward(timedelta(minutes=6))
        come(row)
    poison = Letter.objects.get(trouble="failed")
    assert poison.state == "parked"
    monkeypatch.setattr(reporting, "take", real)
    actions.try_letter(by=world.admin(), letter=poison.uuid)
    come(row)
    assert Incident.objects.count() == 2


def test_an_answer_that_cannot_be_sent_is_tried_again_and_then_said_to_have_failed(sent, monkeypatch):
    come(box(), mail())
    tries = []

    def refuse(self, mail, to, setup):
        tries.append(to)
        raise Failed(Fault("unreachable", passing=True))

    monkeypatch.setattr(Mail, "carry", refuse)
    for _ in range(12):
        answered()
        world.clock.fast_forward(timedelta(days=1))
    assert len(tries) == 8
    assert Letter.objects.get().answer == "failed"


def test_a_mailbox_is_read_on_from_where_it_was_and_its_trouble_is_told():
    row = box()
    now = world.clock.now()
    assert actions.keep(mailbox=row.uuid, raw=raw_of(mail("a")), came=Came.IMAP, now=now, at=Place(7, 3))
    assert not actions.keep(mailbox=row.uuid, raw=raw_of(mail("b")), came=Came.IMAP, now=now, at=Place(7, 3))
    assert (Mailbox.objects.get().validity, Mailbox.objects.get().uid) == (7, 3)
    actions.failed(row.uuid, Fault("unauthorised"), now)
    assert Mailbox.objects.get().trouble == "unauthorised"
    actions.worked(row.uuid, now)
    assert Mailbox.objects.get().trouble == ""
    told = set(Entry.objects.values_list("fact", flat=True))
    assert {"mailboxes.MailboxBroken", "mailboxes.MailboxMended"} <= told


def test_what_nothing_became_of_is_forgotten_in_time_and_what_is_put_aside_waits():
    row = box()
    come(row, mail(Precedence="bulk"))
    world.clock.fast_forward(timedelta(days=31))
    actions.forget_letters(world.clock.now())
    assert bytes(Letter.objects.get().raw) == b""
    Letter.objects.update(state=State.PARKED)
    world.clock.fast_forward(timedelta(days=365))
    actions.forget_letters(world.clock.now())
    assert Letter.objects.exists()


def test_passwords_are_sealed_and_bad_settings_refused_beside_their_field():
    row = box(given={"imap_host": "imap.example.jp", "imap_username": "desk", "imap_password": "secret-word"})
    assert "secret-word" not in str(Mailbox.objects.values())
    kept = actions.set_mailbox(
        by=world.admin(), mailbox=row.uuid, name="x", address="a@example.jp", carries="reports", given={}, on=True
    )
    assert sealed.unseal(kept.sealed) == {"imap_password": "secret-word"}
    for field, given in {
        "address": {"address": "nobody"},
        "source": {"carries": "alerts", "source": "nothing"},
        "carries": {"carries": "jokes"},
        "imap_port": {"given": {"imap_port": "99999"}},
    }.items():
        with pytest.raises(Invalid) as caught:
            box(**{"name": "y", "address": "b@example.jp", **given})
        assert caught.value.field == field
    with pytest.raises(NotAllowed):
        actions.remove_mailbox(by=world.actor("mori", "commander"), mailbox=row.uuid)
