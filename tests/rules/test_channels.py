"""What `check` says of doors beside the platforms, and what the rulebook keeps of them."""

from __future__ import annotations

import pytest

from rules.problems import pretty
from tests.rules.loading import CONNECTION, loaded, only, rulebook

MAIL = "kind: email, url: 'smtp://mail.harbour.example:587', sender: desk@harbour.example"


def problem(channel: str, weight: str = "error"):
    answer = loaded(f"channels:\n  door: {{{channel}}}\n")
    found = [one for one in answer.problems if one.weight == weight]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("channel", "text", "at"),
    [
        ("kind: email, url: 'smtp://mail.example'", "'door' lacks 'sender'", "door:"),
        ("kind: email, sender: a@b.example", "'door' lacks 'url'", "door:"),
        ("kind: email, sender: a@b.example, url: mail.example", "'url' names no mail server", ""),
        ("kind: email, sender: a@b.example, url: 'smtp://'", "'url' names no mail server", ""),
        ("kind: email, sender: a@b.example, url: 'https://b.example'", "'url' names no mail server", ""),
        ("kind: email, sender: nobody, url: 'smtp://b.example'", "'sender' is not an e-mail address", ""),
        ("kind: email, sender: 'a@b.example, c@d.example', url: 'smtp://b.example'", "'sender' is not an", ""),
        (f'{MAIL}, reply_to: "a@b.example\\r\\nBcc: c@d.example"', "'reply_to' is not an e-mail address", ""),
        (f"{MAIL}, private: true", "'private' means nothing for a door of the kind email", ""),
        (f"{MAIL}, secret: '${{X}}'", "'secret' means nothing for a door of the kind email", ""),
        (f"{MAIL}, tls: never, auth: {{user: a, password: '${{P}}'}}", "the password would travel in the open", ""),
        (f"{MAIL}, auth: {{user: a}}", "'auth' lacks 'password'", ""),
        ("kind: email, sender: a@b.example, tls: never, url: 'smtps://b.example'", "'tls: never' contradicts", "tls"),
        ("kind: slack, url: 'http://${CHAT}'", "must begin with https", "'http"),
        ("kind: webhook, url: 'https://10.0.0.1/x'", "leads to an address inside a house", "'https://"),
        ("kind: webhook, url: 'https://localhost'", "leads to an address inside a house", "'https://"),
        ("kind: webhook, url: 'https://[::1]:8080/x'", "leads to an address inside a house", "'https://"),
        ("kind: webhook, url: 'https://169.254.169.254/latest'", "leads to an address inside a house", "'https://"),
        ("kind: webhook, url: 'http://8.8.8.8/x', private: true", "leads to the open internet, where all", "'http"),
        ("kind: webhook, url: 'http://[2606:4700::1111]', private: true", "leads to the open internet", "'http"),
        (f'{MAIL}, reply_to: "\\u202edesk@harbour.example"', "'reply_to' is not an e-mail address", ""),
        ("kind: webhook, url: pager", "'url' must be an address that begins with https", "pager"),
        (
            "kind: webhook, url: '${PAGER}', sender: a@b.example",
            "'sender' means nothing for a door of the kind web",
            "sender",
        ),
        (
            "kind: apprise, url: '${SMS}', private: true",
            "'private' means nothing for a door of the kind apprise",
            "private",
        ),
        ("kind: apprise, url: sms", "'url' is not an address of Apprise", ""),
        ("kind: teams, url: '${T}', regions: [eu]", "no connection has the region 'eu'", "eu"),
        ("kind: fax, url: '${T}'", "must be 'email', 'webhook', 'slack', 'teams' or 'apprise'", "fax"),
    ],
)
def test_a_door_that_cannot_work_is_named_with_its_place_and_mend(channel, text, at):
    found = problem(channel)
    assert text in found.text
    assert found.mend
    assert (found.file, found.line) == ("a.yaml", 2)
    assert found.snippet[found.column - 1 :].startswith(at)


@pytest.mark.parametrize("kind", ["webhook", "slack", "teams", "apprise"])
def test_a_door_without_an_address_is_named_with_its_place_and_mend(kind):
    found = problem(f"kind: {kind}")
    assert (found.text, found.line) == ("'door' lacks 'url'", 2)
    assert found.mend


@pytest.mark.parametrize("kind", ["webhook", "slack", "teams"])
@pytest.mark.parametrize(
    "url", ["smtp://mail.harbour.example", "slack://a/b/c", "ftp://a.example", "//a.example", "https://"]
)
def test_an_address_of_another_kind_of_door_is_an_error(kind, url):
    (found,) = [
        one for one in loaded(f"channels:\n  door: {{kind: {kind}, url: '{url}'}}\n").problems if one.weight == "error"
    ]
    assert (found.text, found.line) == ("'url' must be an address that begins with https", 2)


@pytest.mark.parametrize(
    "channel",
    [
        MAIL,
        "kind: email, url: 'smtps://mail.harbour.example', sender: 'Harbour Desk <desk@harbour.example>'",
        "kind: email, url: 'smtp://127.0.0.1:25', sender: desk@harbour.example",
        f"{MAIL}, reply_to: help@harbour.example, auth: {{user: desk, password: '${{MAIL_PASSWORD}}'}}",
        f"{MAIL}, tls: never",
        "kind: webhook, url: '${PAGER_URL}', secret: '${PAGER_SECRET}'",
        "kind: webhook, url: 'http://pager:8080/x', private: true",
        "kind: slack, url: 'https://hooks.slack.com/services/${SLACK}'",
        "kind: teams, url: '${TEAMS}'",
        "kind: apprise, url: '${SMS_URL}'",
        "kind: apprise, url: 'twilio://${SMS}'",
    ],
)
def test_a_door_that_can_work_is_good(channel):
    answer = loaded(f"channels: {{door: {{{channel}}}}}\n")
    assert answer.problems == ()


@pytest.mark.parametrize(
    ("channel", "key", "secret"),
    [
        ("kind: slack, url: 'https://hooks.slack.com/services/T0/B0/hidden'", "url", "T0/B0/hidden"),
        ('kind: teams, url: "https://harbour.webhook.office.com/hidden"', "url", "hidden"),
        ("kind: apprise, url: 'tgram://hidden/chat'", "url", "hidden"),
        ("kind: webhook, url: '${PAGER}', secret: hidden", "secret", "hidden"),
        (f"{MAIL}, auth: {{user: a, password: hidden}}", "password", "hidden"),
    ],
)
def test_a_secret_that_is_written_out_is_a_warning_that_does_not_show_it(channel, key, secret):
    found = problem(channel, "warning")
    assert found.text == f"the {key} of 'door' is a secret, and written out in a file"
    assert f'{key}: "${{DOOR_{key.upper()}}}"' in found.mend
    assert secret not in pretty(found)


def test_a_region_is_one_of_the_connections():
    connection = CONNECTION + "    region: apac\n"
    answer = loaded("channels: {boards: {kind: teams, url: '${T}', regions: [apec]}}\n", connection=connection)
    assert only(answer).mend == "did you mean 'apac'?"


def test_a_door_keeps_what_its_channel_needs():
    connection = CONNECTION + "    region: eu\n"
    door = f"channels: {{mail: {{{MAIL}, tls: never, regions: eu}}}}\n"
    mail = rulebook(door, connection=connection).channels["mail"]
    assert (mail.name, mail.kind, mail.url) == ("mail", "email", "smtp://mail.harbour.example:587")
    assert (mail.sender, mail.tls, mail.regions) == ("desk@harbour.example", False, {"eu"})


def test_the_way_to_a_door_decides_nothing_and_its_regions_do():
    plain = rulebook("channels: {door: {kind: webhook, url: '${A}'}}\n").digest
    assert rulebook("channels: {door: {kind: webhook, url: '${B}', secret: '${C}', private: true}}\n").digest == plain
    other = "channels: {door: {kind: webhook, url: '${A}', regions: [eu]}}\n"
    assert rulebook(other, connection=CONNECTION + "    region: eu\n").digest != plain


HOSTILE = [
    *(
        "ida",
        "ida@",
        "@harbour.example",
        "a@b@c.example",
        "ida@harbour example",
        "ida@harbour.example, kai@harbour.example",
    ),
    *(
        "Ida <ida@harbour.example>",
        "ida@harbour.example\\r\\nBcc: c@d.example",
        "ida@harbour.example\\n",
        "ida;kai@b.example",
    ),
    *(
        "\\u202eida@harbour.example",
        "i\\u200bda@harbour.example",
        "ida@har\\u2066bour.example",
        "<b>ida</b>@harbour.example",
    ),
    *("ida\\x85@harbour.example", "ida\\u2028@harbour.example", "(ida)@harbour.example", "ida@harbour.example\\x07"),
]


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_of_a_person_that_is_not_exactly_one_is_an_error(address):
    found = only(loaded(f'people:\n  ida: {{email: "{address}"}}\n'))
    assert found.text == "the 'email' of 'ida' is not an e-mail address"
    assert (found.file, found.line, found.mend) == (
        "a.yaml",
        2,
        "one address and nothing else, like ida@harbour.example",
    )


@pytest.mark.parametrize(
    "address", ["ida@harbour.example", "ida@mailhost", "o'neil+desk@b.example", "kåre@hårbour.example"]
)
def test_an_address_that_is_one_is_good_whatever_stands_in_the_name(address):
    person = f'{{email: "{address}", name: "<b>Ida</b>, \\"x\\" <evil@b.example>\\r\\nBcc: c@d.example \\u202e"}}'
    assert loaded(f"people: {{ida: {person}}}\n").problems == ()
