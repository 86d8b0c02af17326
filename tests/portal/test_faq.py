"""What somebody finds at the portal instead of sending a report: answers, known outages, reports of their own."""

import re
from dataclasses import replace

from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident, Message, PortalTry, Reporter
from hikeshi.incidents.reporting import Purpose, Side
from hikeshi.kernel import clock
from hikeshi.knowledge import actions, queries
from hikeshi.knowledge.drafts import AnswerDraft, Audience
from hikeshi.knowledge.models import Answer
from hikeshi.ledger import verify
from tests import world
from tests.portal.reporting import ODD, open_site, send, stranger
from tests.portal.test_outages import outage, publish
from tests.web import desk

MAIL = AnswerDraft(
    "メールが届かないときは?",
    "What to do when mail does not arrive?",
    "**迷惑メール**フォルダを見てください。<script>x</script>",
    "Look into the **junk** folder.",
    keywords="受信できない",
    audience=Audience.EVERYONE,
)
LEAK = AnswerDraft(
    "資料が漏えいしたら?", "A document leaked?", "すぐ報告してください。", "Report at once.", audience=Audience.EVERYONE
)
INSIDE = AnswerDraft("社内VPNの設定", "Setting up the VPN", "手順書を見る。", "See the guide.")
NEW = {"version": "0", "audience": "everyone"}


def published(draft: AnswerDraft) -> Answer:
    kept = actions.write_answer(by=world.admin(), draft=draft)
    return actions.publish_answer(by=world.admin(), answer=kept.answer.uuid, number=1)


def test_an_answer_is_written_published_found_in_other_words_changed_and_taken_back() -> None:
    open_site()
    keeper, reader = desk.browser("root", "administrator"), stranger("ja")
    assert "No answers yet" in desk.page(keeper.get("/settings/answers/"))
    half = {**NEW, "question_ja": "漏えい?", "question_en": "Leaked?", "answer_ja": "報告を。", "answer_en": ""}
    assert "漏えい?" in desk.page(keeper.post("/settings/answers/new", half), 422)
    assert "This field is required." in desk.page(keeper.post("/settings/answers/new", half), 422)
    at = keeper.post("/settings/answers/new", {**half, "answer_en": "Report."}).headers["Location"]
    assert "漏えい?" not in desk.page(reader.get("/report/faq/"))
    keeper.post(f"{at}versions/1/publish")
    assert "漏えい?" in desk.page(reader.get("/report/faq/?q=漏洩"))
    change = {**half, "question_en": "Leaked out?", "answer_en": "Report.", "version": "1", "why": "clearer"}
    assert keeper.post(f"{at}edit", change).status_code == 302
    assert "Somebody saved this" in desk.page(keeper.post(f"{at}edit", {**change, "question_en": "Lost?"}), 409)
    assert "People still read version 1" in desk.page(keeper.get(at))
    assert "Leaked out?" in desk.page(keeper.get(f"{at}compare"))
    assert "Leaked?" in desk.page(stranger().get("/report/faq/"))
    keeper.post(f"{at}withdraw")
    assert "漏えい?" not in desk.page(reader.get("/report/faq/?q=漏洩"))
    assert verify.verify(state=True).findings == ()


def test_what_helped_counts_once_for_each_reader_and_no_report_is_made() -> None:
    open_site()
    answer = published(MAIL)
    page, one, other = f"/report/faq/{answer.uuid}/", stranger(), stranger()
    read = desk.page(one.get(page))
    assert "<strong>junk</strong>" in read
    assert "<script>x" not in desk.page(stranger("ja").get(page))
    for browser, said in ((one, "unhelped"), (one, "solved"), (one, "solved"), (other, "helped")):
        assert browser.post(f"{page}{said}").status_code == 302
    assert "Nothing was reported" in desk.page(one.get(page))
    answer.refresh_from_db()
    assert (answer.solved, answer.helped, answer.unhelped) == (1, 1, 0)
    assert one.post(f"{page}nonsense").status_code == 404
    assert not Reporter.objects.exists()
    assert verify.verify(state=True).findings == ()


def test_while_typing_outages_answers_and_own_reports_are_offered_and_nobody_elses_record() -> None:
    open_site()
    mail, leak, inside = published(MAIL), published(LEAK), published(INSIDE)
    hidden = desk.incident("メールサーバが攻撃され、メールが届かない")
    told = publish(outage())
    mori = desk.browser("sato", "reporter", language="ja")
    own = incidents.report(
        by=world.actor("sato"), purpose=Purpose.ODD, what="メールが全然届かない", nonce="own-report-0123456789"
    )
    theirs = incidents.report(
        by=world.actor("kato", "reporter"), purpose=Purpose.ODD, what="メールが届かない", nonce="their-report-012345678"
    )

    def offered(browser: object, text: str) -> str:
        return desk.page(browser.post("/report/alike", {"what": text}))  # type: ignore[attr-defined]  # a browser

    mine = offered(mori, "朝からメールが届きません")
    assert str(told.uuid) in mine
    assert str(mail.uuid) in mine
    assert str(own.reporter.uuid) in mine
    strange = offered(stranger("ja"), "朝からメールが届きません")
    assert str(mail.uuid) in strange
    for page in (mine, strange):
        assert str(theirs.reporter.uuid) not in page
        assert hidden.ref not in page
        assert "攻撃され" not in page
    assert str(own.reporter.uuid) not in strange
    assert str(leak.uuid) in offered(stranger("ja"), "文書の漏洩")
    assert str(mail.uuid) in offered(stranger(), "my mails are not arriving")
    assert offered(stranger("ja"), "プリンタの紙がない").strip() == ""
    assert str(inside.uuid) not in offered(stranger("ja"), "社内VPNの設定")
    assert str(inside.uuid) in offered(mori, "社内VPNの設定")
    assert Incident.objects.count() == 4, "nothing is made of what is typed"
    form = desk.page(stranger().get("/report/"))
    assert re.search(r'id="alike"[^>]+hx-post="/report/alike"', form)


def test_typing_without_end_finds_nothing_more_and_a_closed_portal_answers_nobody() -> None:
    open_site()
    mail, browser = published(MAIL), stranger()
    place = browser.post("/report/alike", {"what": "mail does not arrive"})
    assert str(mail.uuid) in desk.page(place)
    first = PortalTry.objects.get()
    PortalTry.objects.bulk_create(PortalTry(what=first.what, place=first.place, at=first.at) for _ in range(160))
    assert desk.page(browser.post("/report/alike", {"what": "mail does not arrive"})).strip() == ""
    incidents.set_reporting(by=world.admin(), open_to_all=False, organisation=world.site().uuid, answer_days=14)
    for at in ("/report/faq/", f"/report/faq/{mail.uuid}/"):
        assert stranger().get(at).status_code == 302
    assert stranger().post("/report/alike", {"what": "mail"}).status_code == 302
    assert queries.published(None, "en")


def test_staff_find_answers_in_their_search_and_put_one_into_the_reply_in_the_reporters_language() -> None:
    open_site()
    mail, inside = published(MAIL), published(INSIDE)
    browser = stranger("ja")
    send(browser, ODD, what="メールが届かない")
    worker, room = desk.browser("sato", "responder"), f"/incidents/{Incident.objects.get().ref}/"
    found = desk.page(worker.get("/search/?q=mail+arrive"))
    assert MAIL.question_en in found
    assert f"/report/faq/{mail.uuid}/" in found
    asked = desk.page(worker.get(f"{room}reply"))
    assert MAIL.question_ja in asked
    assert INSIDE.question_ja not in asked, "a reporter without an account may not read it"
    typed = {"text": "こんにちは。", "sort": "message", "do": "take"}
    assert "Choose an answer first" in desk.page(worker.post(f"{room}reply", typed))
    assert "Choose an answer first" in desk.page(worker.post(f"{room}reply", {**typed, "answer": str(inside.uuid)}))
    taken = desk.page(worker.post(f"{room}reply", {**typed, "answer": str(mail.uuid)}))
    assert "こんにちは。\n\n迷惑メールフォルダを見てください。" in taken
    assert "Its text stands below" in taken
    assert Message.objects.filter(side=Side.DESK).count() == 0
    assert worker.post(f"{room}reply", {"text": "見てください。", "sort": "message"}).status_code == 302


def test_an_answer_to_be_looked_at_again_stands_in_the_calendar_of_its_owner() -> None:
    open_site()
    owner = world.person("mori", "responder")
    today = clock.now().date()
    kept = published(replace(MAIL, owner=f"person:{owner.uuid}", review=today))
    published(replace(LEAK, review=today))
    mine, keeper = desk.browser("mori"), desk.browser("root", "administrator")
    own = desk.page(mine.get("/calendar/"))
    assert f"Review of the answer “{MAIL.question_en}”" in own
    assert LEAK.question_en not in own
    every = desk.page(keeper.get("/calendar/"))
    assert LEAK.question_en in every
    assert MAIL.question_en in every
    shown = desk.page(keeper.get(f"/settings/answers/{kept.uuid}/"))
    assert owner.name in shown
    assert f"person:{owner.uuid}" not in shown


def test_the_list_of_answers_is_searched_filtered_and_put_in_order() -> None:
    open_site()
    keeper, mail = desk.browser("root", "administrator"), published(replace(MAIL, review=clock.now().date()))
    published(LEAK)
    actions.write_answer(by=world.admin(), draft=INSIDE)
    Answer.objects.filter(pk=mail.pk).update(unhelped=3)
    shown = {
        query: [
            one
            for one in (MAIL, LEAK, INSIDE)
            if one.question_ja in desk.page(keeper.get(f"/settings/answers/{query}"))
        ]
        for query in ("", "?stand=published", "?stand=unpublished", "?stand=due", "?q=漏洩", "?q=nothing-like-this")
    }
    assert list(shown.values()) == [[MAIL, LEAK, INSIDE], [MAIL, LEAK], [INSIDE], [MAIL], [LEAK], []]
    worst = desk.page(keeper.get("/settings/answers/?order=unhelped"))
    assert worst.index(MAIL.question_ja) < worst.index(LEAK.question_ja)
    assert "No answer matches" in desk.page(keeper.get("/settings/answers/?stand=newer"))
