"""More stand-ins, of makers whose hosts are fixed: Microsoft Teams, LINE and a gateway of text messages. What is meant
for them is led to a receiver here just before it leaves the process; everything above that is the product's own.
"""

import base64
import re
import uuid

import pytest
from requests import PreparedRequest, Response

from hikeshi.notify.channels.carried import Guarded
from tests.receivers import Answer, Receiver, Request


def led(patch: pytest.MonkeyPatch, there: Receiver) -> list[str]:
    """From now on every call of Apprise ends at this receiver, over plain HTTP. Where each was meant to go, whole."""
    meant: list[str] = []
    known = Guarded.send

    def send(adapter: Guarded, request: PreparedRequest, **named: object) -> Response:
        meant.append(str(request.url))
        request.url = f"{there.url}{request.path_url}"
        return known(adapter, request, **named)

    patch.setattr(Guarded, "send", send)
    return meant


def _error(code: str, message: str) -> dict[str, object]:
    return {"error": {"code": code, "message": message}}


def teams(*, path: str, sig: str) -> Receiver:
    """A workflow that waits for a Teams webhook: the signature stands in the address, the body is a message with one
    adaptive card, the answer is 202 without words
    (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using; the words of a 401:
    github.com/Azure/logicapps/issues/26, of parameters that are missing: issues/169).
    """

    def serve(request: Request) -> Answer:
        if request.path != path:
            return 404, _error("WorkflowNotFound", "The workflow could not be found.")
        asked = {name: values[0] for name, values in request.query.items()}
        if not {"sp", "sv", "sig"} <= asked.keys():
            wanted = "Required parameters for shared access URL are permissions ('sp'), version ('sv'), and signature"
            return 401, _error("AuthorizationFailed", wanted)
        if "authorization" in request.headers or (asked["sp"], asked["sig"]) != ("/triggers/manual/run", sig):
            said = "The request must be authenticated only by Shared Access scheme."
            return 401, _error("DirectApiAuthorizationRequired", said)
        if not asked.get("api-version"):
            return 400, _error("MissingApiVersionParameter", "The api-version query parameter is required.")
        if request.method != "POST" or request.headers.get("content-type") != "application/json":
            return 400, _error("InvalidRequestContent", "The request content is not valid.")
        card = _card(request)
        if card is None:
            return 400, _error("TriggerInputSchemaMismatch", "The input body did not match its schema definition.")
        receiver.taken.append([one["text"] for one in card if one["type"] == "TextBlock"])
        return 202, b""

    receiver = Receiver(serve)
    return receiver


def _card(request: Request) -> list[dict[str, str]] | None:
    said = request.json()
    held = said.get("attachments") or []
    if said.get("type") != "message" or len(held) != 1:
        return None
    card = held[0].get("content", {})
    right = held[0].get("contentType") == "application/vnd.microsoft.card.adaptive"
    return card["body"] if right and card.get("type") == "AdaptiveCard" and card.get("version") else None


def line(*, token: str, users: tuple[str, ...]) -> Receiver:
    """POST /v2/bot/message/push (developers.line.biz/en/reference/messaging-api/#send-push-message, errors under
    #error-responses). A retry key is optional; where there is one it is a UUID, and once accepted it is 409
    (developers.line.biz/en/docs/messaging-api/retrying-api-request).
    """
    accepted: set[str] = set()

    def serve(request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {token}":
            why = "invalid token. Confirm that the access token in the authorization header is valid."
            return 401, {"message": f"Authentication failed due to the following reason: {why}"}
        if request.method != "POST" or request.path != "/v2/bot/message/push":
            return 404, {"message": "Not found"}
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return 415, {"message": "The content type is not supported"}
        if (wrong := _unlike_line(request.json(), users)) is not None:
            return 400, wrong
        key = request.headers.get("x-line-retry-key")
        if key is not None and str(uuid.UUID(key)) in accepted:
            return 409, {"message": "The retry key is already accepted"}
        if key is not None:
            accepted.add(str(uuid.UUID(key)))
        receiver.taken.append(request.json()["messages"][0]["text"])
        return 200, {"sentMessages": [{"id": f"46123096684206489{len(receiver.taken)}", "quoteToken": "q"}]}

    receiver = Receiver(serve)
    return receiver


def _unlike_line(said: dict[str, object], users: tuple[str, ...]) -> dict[str, object] | None:
    if not re.fullmatch(r"[UCR][0-9a-f]{32}", str(said.get("to"))):
        return {"message": "The property, 'to', in the request body is invalid (line: -, column: -)"}
    if said["to"] not in users:
        return {"message": "Failed to send messages"}
    messages = said.get("messages")
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        return {"message": "The property, 'messages', in the request body is invalid (line: -, column: -)"}
    if any(one.get("type") != "text" or not 0 < len(one.get("text", "")) <= 5000 for one in messages):
        return {"message": "The request body has 1 error(s)"}
    return None


def twilio(*, account: str, token: str) -> Receiver:
    """POST /2010-04-01/Accounts/{sid}/Messages.json (twilio.com/docs/messaging/api/message-resource): HTTP Basic, a
    form, 201 and a sid. Errors: twilio.com/docs/usage/twilios-response, /docs/api/errors/20003, /21211 and /20429.
    """

    def serve(request: Request) -> Answer:
        sealed = base64.b64encode(f"{account}:{token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {sealed}":
            return 401, twilio_error(20003, "Authenticate", 401)
        if request.method != "POST" or request.path != f"/2010-04-01/Accounts/{account}/Messages.json":
            return 404, twilio_error(20404, "The requested resource was not found", 404)
        said = request.form()
        if not re.fullmatch(r"\+[1-9]\d{6,14}", said.get("To", "")) or said["To"].startswith("+8100"):
            return 400, twilio_error(21211, "The 'To' number is not a valid phone number.", 400)
        if not said.get("From"):
            return 400, twilio_error(21603, "A 'From' phone number is required to send a message.", 400)
        if not 0 < len(said.get("Body", "")) <= 1600:
            return 400, twilio_error(21617, "The concatenated message body exceeds the 1600 character limit.", 400)
        receiver.taken.append((said["From"], said["To"], said["Body"]))
        return 201, {"sid": f"SM{len(receiver.taken):032d}", "status": "queued", "error_code": None}

    receiver = Receiver(serve)
    return receiver


def twilio_error(code: int, message: str, status: int) -> dict[str, object]:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": message, "more_info": more, "status": status}
