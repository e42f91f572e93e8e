"""The people, texts and reasons that the tests of messages share."""

from __future__ import annotations

from datetime import UTC, datetime

from rules.model import Person, Reason

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
RULE = Reason("communicate", "done", "received", "communications.yaml:37", "a ticket was created")
WHY = (
    Reason("prioritise", "done", "matrix", "priorities.yaml:18", "P2: impact significant × urgency critical"),
    Reason("route", "done", "desk-first", "routes.yaml:11", "team is desk-oslo"),
)
KARI = Person("kari", "Kari Nordmann", "nb", "Europe/Oslo")
KHANH = Person("khanh", "Nguyễn Văn Khánh", "vi", "Asia/Ho_Chi_Minh")
READERS = {"en": Person("ann", "Ann Lee", "en", "Europe/London"), "nb": KARI, "vi": KHANH}
TITLES = {"en": "Cannot pay by card", "nb": "Får ikke betalt med kort", "vi": "Không thanh toán được bằng thẻ"}
