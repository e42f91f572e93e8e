"""What `itsm-sync doors` shows, what happens when one is tried, and that `check --online` reaches them all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Run

from connectors.sandbox import serve
from connectors.sandbox.servicenow import Account, World
from tests.canaries import PASSWORD
from tests.channels.inbox import Answer, Inbox, inbox
from tests.channels.postbox import Postbox, postbox

DESK = """\
desk: Harbour *Car* Hire
languages: [en]
connections:
  sn:
    platform: servicenow
    url: {url}
    auth: {{user: itsm.sync, password: "${{SERVICENOW_PASSWORD}}"}}
    kinds: {{incident: incident}}
    region: eu
people:
  ida: {{email: ida@harbour.example}}
  pat: {{email: pat@harbour.example}}
teams: {{web: {{groups: {{sn: Web}}}}}}
routes: [{{name: all, assign: {{team: web}}}}]
doors: {{on_call: pager, people: mail, pat: sms}}
channels:
  mail: {{kind: email, url: "{mail}", sender: desk@harbour.example}}
  pager: {{kind: webhook, url: "${{PAGER_URL}}", private: true, regions: [eu]}}
  noc: {{kind: slack, url: "https://hooks.slack.com/services/${{SLACK}}"}}
  sms: {{kind: apprise, url: "${{SMS}}"}}
communications:
  - {{name: a, on: created, to: [requester, team, on_call, ida], message: received}}
  - {{name: b, on: major, to: [noc, service.owner], message: major-incident-started}}
"""
SHOWN = """\
comment: public comment on the ticket
  reaches requester
note: internal note on the ticket
  reaches team
mail: email, 127.0.0.1:{port}
  reaches ida, service.owner, people
pager: webhook, ${{PAGER_URL}}, only for tickets of eu
  reaches on_call
noc: slack, hooks.slack.com
  reaches noc
sms: apprise, ${{SMS}}
  reaches pat
"""


@pytest.fixture
def pager() -> Iterator[Inbox]:
    with inbox() as box:
        yield box


@pytest.fixture
def mail() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


@pytest.fixture
def desk(folder: Path, pager: Inbox, mail: Postbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder.mkdir()
    (folder / "desk.yaml").write_text(DESK.format(url="https://desk.service-now.com", mail=mail.url), encoding="utf-8")
    monkeypatch.setenv("PAGER_URL", f"{pager.url}/{PASSWORD}-pager")
    monkeypatch.setenv("SMS", f"json://{pager.url.removeprefix('http://')}/{PASSWORD}-sms")
    return folder


def test_each_door_is_shown_with_who_is_reached_by_it(run: Run, desk: Path, mail: Postbox):
    result = run("doors", "-w", desk)
    assert result.output == SHOWN.format(port=mail.port)
    assert result.exit_code == 0


def test_the_same_as_json(run: Run, desk: Path):
    doors = {one["door"]: one for one in json.loads(run("doors", "--json", "-w", desk).output)}
    assert doors["pager"] == {
        "door": "pager",
        "kind": "webhook",
        "leads_to": "${PAGER_URL}",
        "regions": ["eu"],
        "reaches": ["on_call"],
    }


def test_a_door_that_is_named_and_not_there_is_shown_so(run: Run, desk: Path):
    text = (desk / "desk.yaml").read_text(encoding="utf-8")
    (desk / "desk.yaml").write_text("".join(line for line in text.splitlines(True) if "  mail:" not in line))
    assert (
        "mail: not there: add it under channels:\n  reaches ida, service.owner, people\n"
        in run("doors", "-w", desk).output
    )


def test_a_test_message_by_mail(run: Run, desk: Path, mail: Postbox):
    result = run("doors", "--try", "mail", "--to", "ida@harbour.example", "-w", desk)
    assert (result.output, result.exit_code) == ("mail took the test message over for ida@harbour.example.\n", 0)
    (sent,) = mail.mails
    assert sent["Subject"] == "Test message of Harbour *Car* Hire"
    assert "test message of Harbour *Car* Hire." in sent.get_body(("plain",)).get_content()
    assert "<strong>test message</strong> of Harbour *Car* Hire." in sent.get_body(("html",)).get_content()


@pytest.mark.parametrize("door", ["pager", "sms"])
def test_each_test_message_is_one_of_its_own(run: Run, desk: Path, pager: Inbox, door: str):
    for _ in range(2):
        result = run("doors", "--try", door, "-w", desk)
        assert (result.output, result.exit_code) == (f"{door} took the test message over.\n", 0)
    assert len({one.headers.get("Idempotency-Key") for one in pager.posted}) == (2 if door == "pager" else 1)
    assert len(pager.posted) == 2


@pytest.mark.parametrize(
    ("status", "said", "code"),
    [
        (404, "Error: pager answered 404; is the address still right, and is there still something behind it?", 1),
        (422, "Error: pager answered 422; nothing was sent", 1),
        (429, "Error: pager answered 429; nothing was sent, and it may work later", 1),
        (500, "Error: pager answered 500; whether it was done is not known", 1),
        (401, "Error: pager answered 401", 3),
    ],
)
def test_what_became_of_it_is_said(run: Run, desk: Path, pager: Inbox, status: int, said: str, code: int):
    pager.answer = Answer(status)
    result = run("doors", "--try", "pager", "-w", desk)
    assert result.output.startswith(said)
    assert result.exit_code == code
    assert len(pager.posted) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--try", "page"), "no door is called 'page': did you mean 'pager'?"),
        (("--try", "mail"), "mail is for mail: say whom it is to, --to ADDRESS"),
        (("--to", "ida@harbour.example"), "--to is for --try"),
    ],
)
def test_what_cannot_be_tried_is_said(run: Run, desk: Path, arguments: tuple[str, ...], said: str):
    result = run("doors", *arguments, "-w", desk)
    assert said in result.output
    assert result.exit_code == 2


def test_a_variable_that_is_not_set_is_for_a_person_to_mend(run: Run, desk: Path):
    result = run("doors", "--try", "noc", "-w", desk)
    assert result.output == "Error: noc: url: the environment variable SLACK is not set\n"
    assert result.exit_code == 3


def test_checking_online_reaches_each_door_and_says_nothing(run: Run, desk: Path, pager: Inbox, mail: Postbox):
    world = World()
    world.accounts["itsm.sync"] = Account(password=PASSWORD)
    with serve(world) as url:
        text = (desk / "desk.yaml").read_text(encoding="utf-8").replace("https://desk.service-now.com", url)
        (desk / "desk.yaml").write_text(text, encoding="utf-8")
        result = run("check", "--online", "--json", "-w", desk)
    found = json.loads(result.output)["online"]
    weights = {name: [one["weight"] for one in found[name]] for name in found if name.startswith("door ")}
    assert weights == {"door mail": ["note"], "door pager": ["note"], "door noc": ["problem"], "door sms": ["note"]}
    assert found["door noc"][0]["text"] == "noc: url: the environment variable SLACK is not set"
    assert (mail.taken, pager.posted, result.exit_code) == ([], [], 3)
