"""Rich text in both of Jira's forms: wiki markup in version 2, Atlassian documents in version 3."""

from __future__ import annotations

from typing import Any

_MARKS = {"strong": ("*", "*"), "em": ("_", "_"), "code": ("{{", "}}"), "strike": ("-", "-"), "underline": ("+", "+")}
_BLOCKS = ("paragraph", "heading", "listItem", "codeBlock", "blockquote", "panel")


def is_document(body: object) -> bool:
    """Tell whether a body is an Atlassian document, as far as Jira looks."""
    return isinstance(body, dict) and body.get("type") == "doc" and isinstance(body.get("content"), list)


def as_document(body: Any) -> Any:
    """Return a body as a document: markup becomes one paragraph of plain text for each of its own."""
    if not isinstance(body, str):
        return body
    return {"type": "doc", "version": 1, "content": [_paragraph(part) for part in body.split("\n\n") if part]}


def _paragraph(text: str) -> dict[str, Any]:
    nodes: list[dict[str, Any]] = []
    for line in text.split("\n"):
        nodes += [{"type": "hardBreak"}] if nodes else []
        nodes += [{"type": "text", "text": line}] if line else []
    return {"type": "paragraph", "content": nodes}


def as_markup(body: Any) -> str:
    """Return a body as wiki markup."""
    return body if isinstance(body, str) else _blocks(body.get("content", ())).strip()


def _blocks(nodes: list[dict[str, Any]], sign: str = "") -> str:
    return "".join(_block(node, sign) for node in nodes)


def _block(node: dict[str, Any], sign: str) -> str:
    kind, inner = node.get("type", ""), node.get("content", [])
    if kind in ("bulletList", "orderedList"):
        return _blocks(inner, sign + ("*" if kind == "bulletList" else "#")) + ("" if sign else "\n")
    if kind == "listItem":
        parts = "\n".join(_block(part, sign).strip() for part in inner)
        return f"{sign} {parts}\n"
    if kind == "heading":
        return f"h{node.get('attrs', {}).get('level', 1)}. {_inline(inner)}\n\n"
    if kind == "codeBlock":
        return f"{{noformat}}\n{_inline(inner)}\n{{noformat}}\n\n"
    if kind == "rule":
        return "----\n\n"
    if kind in _BLOCKS:
        return _blocks(inner) if inner and inner[0].get("type") in _BLOCKS else f"{_inline(inner)}\n\n"
    return _inline([node])


def _inline(nodes: list[dict[str, Any]]) -> str:
    return "".join(_piece(node) for node in nodes)


def _piece(node: dict[str, Any]) -> str:
    if node.get("type") == "hardBreak":
        return "\n"
    text = str(node.get("text") or node.get("attrs", {}).get("text", ""))
    for mark in node.get("marks", ()):
        if mark["type"] == "link":
            text = f"[{text}|{mark['attrs']['href']}]"
        elif mark["type"] in _MARKS:
            start, end = _MARKS[mark["type"]]
            text = f"{start}{text}{end}"
    return text
