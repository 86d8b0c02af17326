"""Chatwork, API v2: POST /rooms/{room_id}/messages (https://developer.chatwork.com/reference/post-rooms-room_id-messages)."""

import json
from typing import Final
from urllib.parse import urlencode

from hikeshi.kernel.http import Barred, request
from hikeshi.notify.channels.answers import fault_of, fault_of_call, wait_of
from hikeshi.notify.handing import Failed, Fault, Handed, Parcel, Setup
from hikeshi.notify.wording import Form

BASE: Final = "https://api.chatwork.com/v2"


class Chatwork:
    """Secret: token. The address is the number of a room; a link to the room is understood too."""

    form = Form.FULL
    makes_ready = True

    def __init__(self, base: str = BASE) -> None:
        self.base = base

    def send(self, parcel: Parcel, setup: Setup) -> Handed:
        room = parcel.way.address.rpartition("rid")[2]
        if not (room.isascii() and room.isdigit()):
            raise Failed(Fault("bad_address", of_the_way=True))
        text = f"[info][title]{_plain(parcel.title)}[/title]{_plain(parcel.text)}[/info]"
        try:
            answer = request(
                "POST",
                f"{self.base}/rooms/{room}/messages",
                headers={
                    "X-ChatWorkToken": setup.secret.get("token", ""),
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept": "application/json",
                },
                body=urlencode({"body": text, "self_unread": "1"}).encode(),
                permitted=setup.permitted,
            )
        except Barred as barred:
            raise Failed(fault_of_call(barred, address_at_fault=False)) from None
        fault = fault_of(answer.status, wait_of(answer.headers), address_at_fault=False)
        # 403: the token is good and may not write into this room.
        if fault is not None and answer.status == 403:
            fault = Fault("refused_address", of_the_way=True, status=403)
        if fault is not None:
            raise Failed(fault)
        return Handed(_id(answer.body), answer.status)


def _plain(text: str) -> str:
    """Their marks begin with a bracket; words from outside must not make any."""
    return text.replace("[", "\uff3b").replace("]", "\uff3d")


def _id(body: bytes) -> str:
    try:
        return str(json.loads(body)["message_id"])
    except (ValueError, KeyError, TypeError):
        return ""
