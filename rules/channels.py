"""Checks of channels: that each has what its kind needs, leads where it may, and holds no secret."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from rules.addresses import is_inside, is_public
from rules.problems import Report, did_you_mean
from rules.tree import Node

WEB: Final = ("private", "proxy", "ca_file")
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("sender", "reply_to", "auth", "tls", "ca_file"),
    "webhook": ("secret", *WEB),
    "slack": WEB,
    "teams": WEB,
    "apprise": (),
}
"""What a channel of a kind may say beside kind, url and regions."""

SECRET_URLS: Final = ("slack", "teams", "apprise")
"""Kinds whose address lets in whoever knows it."""

ELSEWHERE: Final = "${"
ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\/]+\.[^\s@<>,;:\"()\[\]\\/.]+")
PERSONAL_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\/]+")
"""A person's may be of a domain inside the house, which has no dot."""

UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
"""Categories of signs that nobody sees, that turn the reading direction, or that cannot be sent."""

NAMED: Final = re.compile(r"[^<>@]*<([^<>]*)>")
MAIL_SERVER: Final = re.compile(
    r"smtps?://[^\s/@:?#\[\]]+(?::[0-9]{1,5})?/?|smtps?://\[[0-9a-fA-F:.]+\](?::[0-9]{1,5})?/?"
)
WEB_PLACE: Final = re.compile(
    r"(?P<scheme>https?)://(?:\[(?P<six>[^\]\s]+)\]|(?P<host>[^\s/:?#@\[\]]+))(?::[0-9]{1,5})?(?:[/?#]\S*)?"
)


def check_channels(root: Node, lost: frozenset[str], report: Report) -> None:
    """Report what is wrong with doors beside the platforms."""
    for key, person in root.under("people").items():
        _check_address(key, person, report)
    regions = {node.text for node in root.each("connections.*.region")}
    for name, channel in root.under("channels").items():
        kind = channel.entries["kind"].text if "kind" in channel.entries else ""
        if kind not in KEYS or "url" not in channel.entries:
            continue  # which is a problem of its own
        _check_keys(kind, channel, report)
        _check_secrets(name, kind, channel, report)
        if "connections" not in lost:
            _check_regions(channel, regions, report)
        if kind == "email":
            _check_mail(name, channel, report)
        elif kind == "apprise":
            _check_apprise(channel.entries["url"], report)
        else:
            _check_web(channel, report)


def _check_address(key: str, person: Node, report: Report) -> None:
    """Report an address that would be refused when somebody is to be told something."""
    for node in person.each("email"):
        is_one = PERSONAL_ADDRESS.fullmatch(node.text) and not any(map(_is_unseen, node.text))
        if node.text and not is_one:
            mend = "one address and nothing else, like ida@harbour.example"
            report(node.place, f"the 'email' of '{key}' is not an e-mail address", mend)


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in UNSEEN


def _is_outside(host: str) -> bool:
    """Tell whether a host is an address of the open internet; where a name leads is not known here."""
    try:
        return is_public(host)
    except ValueError:
        return False


def _check_keys(kind: str, channel: Node, report: Report) -> None:
    of_others = {key for keys in KEYS.values() for key in keys} - {*KEYS[kind]}
    for key in channel.entries:
        if key in of_others:
            report(channel.entries[key].key, f"'{key}' means nothing for a door of the kind {kind}", "remove it")


def _check_secrets(name: str, kind: str, channel: Node, report: Report) -> None:
    """Warn of secrets that are written out in a file."""
    paths = ["auth.password", "secret", *(["url"] if kind in SECRET_URLS else [])]
    for path in paths:
        key = path.rpartition(".")[2]
        variable = re.sub(r"\W+", "_", f"{name}_{key}".upper(), flags=re.ASCII)
        for node in channel.each(path):
            if node.text and ELSEWHERE not in node.text:
                mend = f'set it in the environment and write {key}: "${{{variable}}}"'
                report.warn(node.key, f"the {key} of '{name}' is a secret, and written out in a file", mend)


def _check_regions(channel: Node, known: set[str], report: Report) -> None:
    for regions in channel.each("regions"):
        for node in regions.items if isinstance(regions.value, list) else [regions]:
            if node.text and node.text not in known:
                mend = did_you_mean(node.raw, known, "give a connection this region: its tickets are meant")
                report(node.place, f"no connection has the region '{node.raw}'", mend)


def _check_mail(name: str, channel: Node, report: Report) -> None:
    url = channel.entries["url"]
    if url.text and ELSEWHERE not in url.text and not MAIL_SERVER.fullmatch(url.text):
        report(url.place, "'url' names no mail server", "smtp://mail.harbour.example:587, or smtps:// for TLS at once")
    if "sender" not in channel.entries:
        report(channel.key, f"'{name}' lacks 'sender'", "add 'sender: service-desk@harbour.example'")
    for key in ("sender", "reply_to"):
        for node in channel.each(key):
            if node.text and not _is_address(node.text):
                report(node.place, f"'{key}' is not an e-mail address", "like service-desk@harbour.example")
    for tls in channel.each("tls"):
        _check_open(channel, url, tls, report)


def _is_address(text: str) -> bool:
    named = NAMED.fullmatch(text)
    address = named[1] if named else text
    return ADDRESS.fullmatch(address) is not None and not any(map(_is_unseen, address))


def _check_open(channel: Node, url: Node, tls: Node, report: Report) -> None:
    """Report what does not go with a mail server without TLS."""
    if url.text.startswith("smtps:"):
        report(tls.key, "'tls: never' contradicts smtps://", "remove one of them")
    elif "auth" in channel.entries:
        report(tls.key, "with 'tls: never' the password would travel in the open", "remove 'auth' or 'tls'")


def _check_apprise(url: Node, report: Report) -> None:
    if url.text and ELSEWHERE not in url.text and "://" not in url.text:
        report(url.place, "'url' is not an address of Apprise", 'such as "${SMS_URL}", which holds service://…')


def _check_web(channel: Node, report: Report) -> None:
    url = channel.entries["url"]
    is_private = any(node.value is True for node in channel.each("private"))
    if not url.text or url.text.startswith(ELSEWHERE):
        return
    place = WEB_PLACE.fullmatch(url.text)
    if place is None:
        report(url.place, "'url' must be an address that begins with https", 'such as "${PAGER_URL}"')
    elif place["scheme"] == "http" and not is_private:
        report(url.place, "'url' must begin with https, or all could read along", "private: true allows http, too")
    elif place["scheme"] == "http" and _is_outside(place["six"] or place["host"]):
        text = "'url' leads to the open internet, where all could read along over http"
        report(url.place, text, "begin it with https; private: true is for addresses inside a house")
    elif not is_private and ELSEWHERE not in url.text and is_inside(place["six"] or place["host"]):
        report(url.place, "'url' leads to an address inside a house", "say private: true if that is meant")
