"""The other end of doors: what our own channels, and any other client, hand over is taken as it was meant."""

from __future__ import annotations

import socket

import pytest
import requests

from connectors.channels import Letter, opened
from connectors.sandbox.doors import hook, mail_server
from rules.rulebook import Channel

SENDER = "Harbour Service Desk <service-desk@harbour.example>"
TEXT = "Xin chào chị Lan,\n.một dòng\n..hai\n"


def letter(mark: str) -> Letter:
    bodies = {"text": TEXT, "html": "<p>Xin chào</p>", "slack": TEXT}
    return Letter(mark, "servicenow-emea/INC0010001", "lan@harbour.example", "Lan", "vi", "Sự cố", bodies, {})


def test_mails_arrive_whole_several_on_one_connection():
    with mail_server() as server:
        mail = opened(Channel("mail", "email", f"smtp://127.0.0.1:{server.port}", sender=SENDER))
        assert [found.weight for found in mail.check()] == ["note"]
        for mark in ("one", "two"):
            mail.send(letter(mark))
        mail.close()
    first, second = server.taken
    assert (first["Subject"], first["Content-Language"]) == ("Sự cố", "vi")
    assert first.get_body(("plain",)).get_content().replace("\r\n", "\n") == TEXT
    assert first["Message-ID"] != second["Message-ID"]


def test_a_hook_answers_pagers_and_chats_alike():
    with hook() as server:
        for kind in ("webhook", "slack"):
            opened(Channel("door", kind, f"http://127.0.0.1:{server.port}/x", private=True)).send(letter("one"))
    page, chat = server.taken
    assert (page["to"], page["text"]) == ("lan@harbour.example", TEXT)
    assert chat["text"] == TEXT


def test_both_are_on_this_machine_only_and_end_with_who_asked_for_them():
    with mail_server() as mail, hook() as tool:
        for server in (mail, tool):
            with pytest.raises(ConnectionRefusedError):  # whoever listens to all addresses answers here, too
                socket.create_connection(("127.0.0.2", server.port), timeout=5)
    for server in (mail, tool):
        try:
            requests.get(f"http://127.0.0.1:{server.port}", timeout=1)
        except requests.ConnectionError:
            continue
        raise AssertionError("it still answers")
