"""Everybody who appears in the stories. Run inside a site, it brings them all in by one process."""

import json
import sys

HOSTILE = (
    "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
    "\u202egnp.exe\u202c'\"><svg onload=document.title='ran'> "
)
SIX = ("alertmanager", "wazuh", "suricata", "defender", "guardduty", "generic")
CAST = {
    "kanshi": ("responder", "監視 花", "ja"),
    "shiki": ("commander", "指揮 一郎", "ja"),
    "helen": ("responder", "Helen Ward", "en"),
    "kansa": ("auditor", "監査 三郎", "ja"),
    "kaku": ("responder", "書く人", "ja"),
    "wright": ("responder", "Anne Wright", "en"),
    "shirei": ("commander", "司令 花子", "ja"),
    "kansa2": ("auditor", "監査 四郎", "ja"),
    "kanri": ("administrator", "管理 五郎", "ja"),
    "zaikan": ("administrator", "管財 六郎", "ja"),
    "anna": ("administrator", "Anna Admin", "en"),
    "mamoru": ("commander", "<script>document.title='ran'</script>", "ja"),
    "denwa": ("responder", "電話 一郎", "ja"),
    "kotoba": ("responder", "言葉 桜", "ja"),
    "kagi": ("responder", "Kay Board", "en"),
    "mukashi": ("responder", "昔 太郎", "ja"),
    "kagiya": ("commander", "鍵屋", "ja"),
    "yubi": ("commander", "指 紋子", "ja"),
    "futatsu": ("responder", "二つ 持ち", "ja"),
    "keikaku": ("commander", "計画 進", "ja"),
    "planner": ("commander", "Paula Planner", "en"),
    "kanbu": ("manager", "幹部 七海", "ja"),
    "beth": ("manager", "Beth Board", "en"),
    "alan": ("auditor", "Alan Audit", "en"),
    "shain": ("reporter", "社員 一子", "ja"),
    "emma": ("reporter", "Emma Employee", "en"),
    "miharu": ("responder", "見張 春", "ja"),
    "wanda": ("responder", "Wanda Watch", "en"),
    "nagai": ("responder", "アレクサンドラ・コンスタンティノープル＝フォン・ヴィッテルスバッハ", "ja"),
}
PASSWORD = "seven unrelated words for a browser"


def bring_in() -> None:
    """Prints the keys of the sources and of the administrator as JSON."""
    import django

    django.setup()
    from hikeshi.accounts import actions, queries
    from hikeshi.kernel.acting import system
    from hikeshi.ledger.acts import unit

    by, place = system("command-line"), queries.root().uuid
    with unit():
        for username, (role, name, language) in CAST.items():
            words = {"username": username, "name": name, "language": language, "password": PASSWORD}
            person = actions.add_person(by=by, organisation=place, **words)
            actions.grant_role(by=by, person=person.uuid, role=role, organisation=place)
        keys = {source: actions.create_token(by=by, scope="intake", source=source) for source in SIX}
        admin = queries.person_by_username(by, "admin").uuid
        sys.stdout.write(json.dumps({**keys, "api": actions.create_token(by=by, scope="api", person=admin)}))


if __name__ == "__main__":
    bring_in()
