"""A JSON document to any address, signed if the site gave a key: for programs of one's own."""

import hmac
import json

from hikeshi.kernel import clock
from hikeshi.kernel.http import Barred, request
from hikeshi.notify.channels.answers import fault_of, fault_of_call, wait_of
from hikeshi.notify.handing import Failed, Handed, Parcel, Setup
from hikeshi.notify.wording import Form


class Webhook:
    """Secret: signing_key. ``X-Hikeshi-Signature: t=<seconds>,v1=<hex>`` is HMAC-SHA256 over ``<seconds>.<body>``;
    ``X-Hikeshi-Id`` is the same at every try, so that a receiver can drop what it has.
    """

    form = Form.FULL
    makes_ready = True

    def send(self, parcel: Parcel, setup: Setup) -> Handed:
        body = json.dumps(
            {
                "id": parcel.key,
                "title": parcel.title,
                "text": parcel.text,
                "link": parcel.link,
                "urgency": parcel.urgency,
                **parcel.about,
            },
            ensure_ascii=False,
        ).encode()
        headers = {"Content-Type": "application/json", "X-Hikeshi-Id": parcel.key}
        if key := setup.secret.get("signing_key"):
            at = int(clock.now().timestamp())
            seal = hmac.new(key.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
            headers["X-Hikeshi-Signature"] = f"t={at},v1={seal}"
        try:
            answer = request("POST", parcel.way.address, headers=headers, body=body, permitted=setup.permitted)
        except Barred as barred:
            raise Failed(fault_of_call(barred, address_at_fault=True)) from None
        fault = fault_of(answer.status, wait_of(answer.headers), address_at_fault=True)
        if fault is not None:
            raise Failed(fault)
        return Handed(answer.headers.get("x-request-id", "")[:200], answer.status)
