"""The forms of a test of rules, as an admin writes it; facts beside the named keys are judged by the vocabulary."""

# ruff: noqa: RUF012 (pydantic copies the defaults of its models)

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

from rules.forms import Duration, FactName, Form, Kind, Language, Moment, Name, Text


class Open(Form):
    """A mapping that holds facts beside the keys that it names."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)


class RequesterForm(Open):
    """Who asked for it."""

    name: Text = ""
    language: Text = ""
    zone: Text = ""


class AffectedForm(Form):
    """Who reported a ticket below it."""

    name: Text = ""
    language: Text = ""
    zone: Text = ""


class TicketForm(Open):
    """The ticket as it is created."""

    connection: Name
    kind: Kind
    requester: RequesterForm | None = None
    affected: list[AffectedForm] = []
    created_by: Text = ""


class AssignedForm(Form):
    """Who must have it."""

    team: Text | None = None
    person: Text | None = None


class MessageForm(Form):
    """A message that must be said."""

    to: Text
    message: Name
    language: Language = ""
    door: Name = ""
    contains: Text = ""


class ExpectForm(Open):
    """What must be true."""

    level: Text | None = None
    assigned: AssignedForm | None = None
    changes: list[Any] | None = None
    messages: list[MessageForm] | None = None


class StepForm(Form):
    """What happens later."""

    after: Duration
    by: Text = ""
    set: dict[FactName, Any] = {}
    comment: Text = ""
    note: Text = ""
    expect: ExpectForm | None = None


class CaseForm(Form):
    """One test."""

    name: Text
    ticket: TicketForm
    at: Moment
    expect: ExpectForm | None = None
    then: list[StepForm] = []


class CasesForm(Form):
    """A file of tests."""

    tests: list[CaseForm]
