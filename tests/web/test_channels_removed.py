"""A channel is forgotten on its page, and its secrets with it."""

from hikeshi.notify import actions
from hikeshi.notify.actions.pushing import prepare_push
from hikeshi.notify.models import Channel
from tests import world
from tests.web import desk


def test_what_was_set_up_is_removed_on_its_page_and_what_never_was_shows_no_such_button() -> None:
    keeper = desk.browser("keeper", "administrator")
    assert "Remove this channel" not in desk.page(keeper.get("/settings/channels/chatwork"))
    actions.set_channel(by=world.admin(), kind="chatwork", given={"token": "x"})
    assert "Remove this channel" in desk.page(keeper.get("/settings/channels/chatwork"))
    assert keeper.post("/settings/channels/chatwork/remove").status_code == 302
    assert not Channel.objects.exists()
    assert keeper.post("/settings/channels/chatwork/remove").status_code == 404


def test_keys_that_browsers_subscribed_with_stay_and_the_page_says_why() -> None:
    keeper = desk.browser("keeper", "administrator")
    prepare_push(by=world.actor("mori"))
    there = keeper.post("/settings/channels/push/remove", follow=True)
    assert "Browsers have subscribed with its keys." in desk.page(there)
    assert Channel.objects.exists()
