"""Turns good workspaces into bad ones, in all the ways in which editors, copies, scripts and people do it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]

Files = dict[str, bytes]
"""File name, with slashes → content. Names are decoded as the file system's are: a stray byte is a surrogate."""

OWN_TEMPLATE = """\
{% block subject %}{{ ticket.key }}: {{ ticket.title }}{% endblock %}
{% block body %}
Hello{% if reader.first_name %} {{ reader.first_name }}{% endif %},
{% for reason in reasons %}{{ loop.index }}. {{ reason.text }} ({{ reason.where }})
{% endfor %}We have it.
{% endblock %}
"""

JIRA_DESK = """\
desk: Quay
languages: [en, nb]
connections:
  site:
    platform: jira_service_management
    url: "https://${SITE}.atlassian.net"
    auth: {user: sync@quay.example, token: "${JIRA_TOKEN}"}
    projects: [IT, HR]
    kinds: {incident: "[System] Incident"}
    scope: 'reporter is not EMPTY OR text ~ "a \\"quoted\\" word"'
    since: 2026-11-02T08:00+07:00
mode: advise
brakes: {tickets_per_hour: 30, messages_per_person_per_day: 6}
hold: {site: labels=hands-off}
quiet: {hours: "20:00-07:00", except: {major: true}}
calendars: {saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: ["06:00-11:00", "12:00-15:00"]}, holidays: VN}}
calendar: saigon
people: {olga: {email: olga@quay.example, accounts: {site: "5cedcb4355a88a0fc86388ba"}}}
teams:
  front: {groups: {site: front}, language: nb, on_call: {rotation: [olga], each: 1w, from: 2026-11-02T08:00}}
services: {tills: {name: Tills, business_value: high, team: front, owner: olga}}
classify:
  - {name: words, when: {text: {words: [kasse, 付款], pattern: "till [0-9]+"}}, set: {service: tills, labels: [a, b]}}
  - {name: lowest, set: {impact: minor, urgency: low}}
routes: [{name: all, when: {any: [{impact: minor}, {not: {service: {empty: true}}}]}, assign: {team: front}}]
ladders:
  - name: steps
    when: {kind: incident}
    steps: [{level: L2, after: [{used: 50%, of: resolve}], assign: {team: front}}]
communications:
  - {name: got-it, on: created, to: [requester], message: got-it}
  - {name: told, on: assigned, to: [team], message: assigned}
"""

WORDS = (
    *("1e999", "-1e999", "0000-00-00", "2026-02-30T25:61+99:99", "9" * 400, "0x" + "f" * 30, ".nan", "-.inf", "~", ""),
    *("!!python/object/apply:os.getcwd []", "!!binary aGk=", "!x y", "&a", "*a", "<<: *a", "? [a]: b", "- - - -"),
    *("{", "}", "[", "]", "'", '"', ":", "#", "|", ">", "%YAML 9.9", "---", "...", "@", "`", "\\", ","),
    *("\t", "\x00", "\x1b[2J", "\u202e", "\ufeff", "\u2028", "\x85", "\r", "\ud800", "\U0010ffff", "e\u0301" * 30),
    *("true", "null", "no", "servicenow", "P1", "name", "when", "team", "${HOME}", "${", "(a+)+$", "[z-a]", "(?<n>x)"),
    *("x" * 5000, "[" * 60, "{a: " * 60, "a." * 300, "../../etc/passwd", "-1", "0", "1.5", "🚨", "İ", "ẞ"),
)
CODE = (
    *("{{", "}}", "{%", "%}", "{#", "{{ x.y.z }}", "{{ 1 / 0 }}", "{% for a in ticket %}", "{% endfor %}", "{% raw %}"),
    *(
        "{{ ticket.title | upper | nope }}",
        "{% if %}",
        "{% block body %}",
        "{% endblock %}",
        "{{ '" + "a" * 9000 + "' }}",
    ),
    *(
        "{{ " + "(" * 300 + "1" + ")" * 300 + " }}",
        "{% include 'x' %}",
        "{{ loop.index }}",
        "{{ ticket['a'] }}",
        "\ud800",
    ),
)
NODES: tuple[Any, ...] = (
    *(None, "", " ", True, 0, -1, 10**30, 1e300, 1.5, [], {}, [[]], [None], [{}], {"": ""}, {"a": {"b": {"c": None}}}),
    *(
        "x" * 3000,
        "\n\n",
        "a: b",
        "é\u0301",
        "\x07",
        ["a"] * 200,
        {str(n): n for n in range(100)},
        "0000-00-00",
        "99999w",
    ),
)
NAMES = (
    *("desk.yml", "rules/extra.yaml", "rules/deep/er.yaml", "notes.txt", "\udcff\udcfe.yaml", "rules/a\nb.yaml"),
    *("\x1b[31mred.yaml", "templates/en/UPPER.md.j2", "templates/xx-/got-it.md.j2", "templates/nb/\udcff.md.j2"),
    *("rules/\u202elmay.yaml", "rules/" + "n" * 200 + ".yaml", "templates/en/received.md.j2", ".yaml", "rules/ .yaml"),
)


def good(shared: Path) -> list[Files]:
    """Return workspaces that are in order: the demo's, one on Jira, and the reference where it is at hand."""
    demo = _read(ROOT / "commands" / "demo_desk")
    jira = {"desk.yaml": JIRA_DESK.encode()}
    template = {"templates/en/got-it.md.j2": OWN_TEMPLATE.encode(), "templates/nb/got-it.md.j2": OWN_TEMPLATE.encode()}
    return [{**demo, **template}, {**jira, **template}, *([_read(shared)] if shared.is_dir() else [])]


def _read(folder: Path) -> Files:
    found = (path for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".j2"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def mutated(files: Files, chance: random.Random) -> Files:
    """Return the workspace with one to three things wrong with it."""
    files = dict(files)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if not files or chance.random() < 0.12:
            _files(files, chance)
            continue
        name = chance.choice(sorted(files))
        ways = (_bytes, _lines, _tokens, _code) if name.endswith(".j2") else (_bytes, _lines, _tokens, _nodes, _nodes)
        files[name] = chance.choice(ways)(files[name], chance)
    return files


def lay_out(files: Files, folder: Path) -> None:
    """Write a workspace to disk."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _files(files: Files, chance: random.Random) -> None:
    """Lose, rename, copy, empty or swell a file."""
    name = chance.choice(sorted(files) or ["desk.yaml"])
    content = files.get(name, b"")
    way = chance.randrange(6)
    if way in (0, 1):
        files.pop(name, None)
    if way in (1, 2):
        files[chance.choice(NAMES)] = content
    elif way == 3:
        files[name] = b""
    elif way == 4:
        files[name] = content + chance.choice((b"# x\n" * 300_000, b"a: b\n" * 20_000, "é".encode() * 600_000))
    elif way == 5:
        files[name] = files[chance.choice(sorted(files) or [name])] if files else b"desk: x"


def _bytes(content: bytes, chance: random.Random) -> bytes:
    """Damage bytes, as a broken copy or an editor with another encoding does."""
    at = chance.randrange(len(content) + 1)
    upto = min(len(content), at + chance.choice((1, 2, 10, 200)))
    text = content.decode(errors="replace")
    return chance.choice(
        (
            lambda: content[:at] + content[upto:],
            lambda: content[:at] + chance.randbytes(chance.choice((1, 3, 40))) + content[at:],
            lambda: content[:at] + content[at:upto] * 50 + content[upto:],
            lambda: content[:at],
            lambda: text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig"))),
            lambda: text.encode("latin-1", errors="replace"),
            lambda: content.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\xe2\x80\xa8"))),
        )
    )()


def _lines(content: bytes, chance: random.Random) -> bytes:
    """Move, repeat, indent or drop a line."""
    lines = content.split(b"\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    changes: tuple[Callable[[], None], ...] = (
        lambda: lines.pop(at) and None,  # type: ignore[func-returns-value]
        lambda: lines.insert(other, lines[at]),
        lambda: lines.__setitem__(at, chance.choice((b" ", b"   ", b"\t", b"- ", b"# ", b"\xc2\xa0")) + lines[at]),
        lambda: lines.__setitem__(at, lines[at].lstrip()),
        lambda: lines.__setitem__(at, lines[at] + b" " + lines[other]),
        lambda: chance.shuffle(lines),
    )
    chance.choice(changes)()
    return b"\n".join(lines)


def _tokens(content: bytes, chance: random.Random) -> bytes:
    """Put an odd word in the place of a word, or beside it."""
    words = content.decode(errors="replace").split(" ")
    at = chance.randrange(len(words))
    odd = chance.choice(WORDS)
    words[at] = chance.choice((odd, words[at] + odd, odd + words[at], words[at] + " " + odd))
    return " ".join(words).encode(errors="surrogatepass")


def _code(content: bytes, chance: random.Random) -> bytes:
    """Put template code where it does not belong."""
    text = content.decode(errors="replace")
    at = chance.randrange(len(text) + 1)
    return (text[:at] + chance.choice(CODE) + text[at:]).encode(errors="surrogatepass")


def _nodes(content: bytes, chance: random.Random) -> bytes:
    """Swap a value for another, or rename, repeat or drop a key; the file stays good YAML."""
    try:
        tree = yaml.load(content, Loader=yaml.BaseLoader)  # noqa: S506  # makes texts only
    except (yaml.YAMLError, ValueError, RecursionError):
        return _bytes(content, chance)
    places = list(_places(tree))
    if not places:
        return _bytes(content, chance)
    holder, key = chance.choice(places)
    if isinstance(holder, dict) and chance.random() < 0.3:
        renamed = chance.choice((f"{key}s", key.upper(), "", key[:-1], f" {key}", chance.choice(WORDS)[:100]))
        holder[renamed] = holder.pop(key) if chance.random() < 0.7 else holder[key]
    else:
        donor, other = chance.choice(places)
        holder[key] = chance.choice((chance.choice(NODES), donor[other], [holder[key]], {key: holder[key]}))
    return _dumped(tree)


def _dumped(tree: Any) -> bytes:
    class NoAlias(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    try:
        return yaml.dump(tree, Dumper=NoAlias, allow_unicode=True, sort_keys=False).encode(errors="surrogatepass")
    except RecursionError:  # a value was put into itself
        return b"a: " + b"[" * 5000


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a tree as its holder and its key or index."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(entries):
        yield tree, key
        yield from _places(value)
