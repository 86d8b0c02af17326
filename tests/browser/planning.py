"""Tasks with days, and hands that move things: a mouse or a finger, in steps as hands do."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Error, FloatRect, Locator, Page, Route, expect

from tests.browser.people import Desk
from tests.running import eventually

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = timedelta(days=1)


def today() -> date:
    return datetime.now(TOKYO).date()


def quiet() -> date:
    """A day of a month in which no other story puts anything, far from what a desk itself has due."""
    return (today().replace(day=1) + 70 * DAY).replace(day=8)


def moment(day: date, hour: int = 10) -> str:
    return datetime.combine(day, time(hour), TOKYO).isoformat()


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of one record, by their titles."""

    desk: Desk
    ref: str

    @property
    def path(self) -> str:
        return f"/api/v1/incidents/{self.ref}/tasks"

    def add(self, title: str, since: date | None, until: date, *, after: tuple[str, ...] = ()) -> str:
        """Its uuid. ``after``: uuids of the same record's."""
        made = self.desk.site.post(self.path, {"title": title}, token=self.desk.api)
        assert made.status == 201, made.body
        uuid = str(made.json()["uuid"])
        self.put(uuid, since, until, after=after)
        return uuid

    def put(self, uuid: str, since: date | None, until: date, *, after: tuple[str, ...] = ()) -> None:
        plan = {"start_at": moment(since) if since else None, "due_at": moment(until), "after": list(after)}
        done = self.desk.site.request("PUT", f"{self.path}/{uuid}/plan", plan, token=self.desk.api)
        assert done.status == 200, done.body

    def task(self, uuid: str) -> dict[str, Any]:  # as the API shows it
        items = self.desk.site.get(self.path, token=self.desk.api).json()["items"]
        return next(one for one in items if one["uuid"] == uuid)

    def days(self, uuid: str) -> tuple[date | None, date | None]:
        """From which day until which, where the people are."""
        task = self.task(uuid)
        return _day(task["start_at"]), _day(task["due_at"])


def _day(text: str | None) -> date | None:
    return datetime.fromisoformat(text).astimezone(TOKYO).date() if text else None


SHOW = "one => one.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'})"


def box(one: Locator, *, still: bool = False) -> FloatRect:
    """Where it is once it stands in sight, or ``still`` where it is; what is drawn anew is looked for again."""
    for _ in range(20):
        with suppress(Error):
            if not still:
                one.evaluate(SHOW, timeout=5_000)
            if found := one.bounding_box():
                return found
    raise AssertionError(f"{one} is never there")


def middle(one: Locator, *, still: bool = False) -> tuple[float, float]:
    at = box(one, still=still)
    return at["x"] + at["width"] / 2, at["y"] + at["height"] / 2


UNHURRIED = """const waits = setTimeout;
globalThis.setTimeout = (what, after, ...given) => waits(what, after === 700 ? 3000 : after, ...given);"""
"""For a browser: keys pressed one after the other are one change, however long a busy machine takes between them."""


def grasp(page: Page, one: Locator) -> tuple[float, float]:
    """Presses the button of the mouse on it, once it lies still under the mouse."""
    for _ in range(20):
        at = middle(one)
        page.mouse.move(*at)
        if middle(one, still=True) == at:
            break
    page.mouse.down()
    return at


def drag(page: Page, one: Locator, *, right: float = 0, to: Locator | None = None) -> None:
    x, y = grasp(page, one)
    page.mouse.move(x + 6, y, steps=2)
    ends = middle(to, still=True) if to is not None else (x + right, y)
    page.mouse.move(*ends, steps=6)
    page.mouse.up()


@contextmanager
def on_its_way(page: Page) -> Iterator[None]:
    """What the page sends in between arrives afterwards, as on a poor line."""
    held: list[Route] = []
    slow = True

    def handle(route: Route) -> None:
        if slow and route.request.method == "POST":
            held.append(route)
        else:
            route.fallback()

    page.route("**/*", handle)
    yield
    eventually(lambda: page.wait_for_timeout(20) or held)
    slow = False
    for one in held:
        one.fallback()


RESTS = 150
"""Milliseconds."""


def finger(
    page: Page, one: Locator, *, right: float = 0, down: float = 0, to: Locator | None = None, held: str = ""
) -> None:
    """``held``: what the page shows once the finger has rested on it for long enough to carry it. It rests before
    it lets go: a browser takes the tap that follows a throw for the end of that throw.
    """
    session = page.context.new_cdp_session(page)
    x, y = middle(one)
    ends = middle(to, still=True) if to is not None else (x + right, y + down)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    touch("touchStart", (x, y))
    if held:
        expect(page.locator(held)).to_be_visible()
    for step in range(1, 7):
        touch("touchMove", (x + (ends[0] - x) * step / 6, y + (ends[1] - y) * step / 6))
    page.wait_for_timeout(RESTS)
    touch("touchMove", ends)
    touch("touchEnd")
    session.detach()


def flick(page: Page, one: Locator, *, up: float) -> None:
    """A finger that moves at once, by one command: however busy the machine is, it does not come to rest on the way."""
    session = page.context.new_cdp_session(page)
    x, y = middle(one)
    scroll = {"x": x, "y": y, "yDistance": -up, "gestureSourceType": "touch", "preventFling": True}
    session.send("Input.synthesizeScrollGesture", scroll)
    session.detach()
