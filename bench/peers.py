"""Other rule engines on the same conditions. They evaluate expressions: no reasons, no people, no memory, no writes.

All get the facts that our stages worked out, empty ones as "" or false, with the text folded already. A word is
`contains`, since none of them knows words. What one of them can keep between tickets (compiled expressions, one
activation per ticket for all expressions) it keeps.
"""

from __future__ import annotations

import importlib
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from bench.pack import When

Peer = Callable[[Mapping[str, Any]], list[bool]]
"""Facts of a ticket → which conditions hold."""

FLAGS: Final = ("requester_vip",)


class Spelling(NamedTuple):
    """How an engine writes what our conditions say."""

    both: str
    negated: str
    equals: str
    contains: str
    matches: str
    empty: str


CEL: Final = Spelling(" && ", "!({})", "{} == {}", "{}.contains({})", "{}.matches({})", '{} == ""')
ZEN: Final = Spelling(" and ", "not ({})", "{} == {}", "contains({}, {})", "matches({}, {})", '{} == ""')
RULE_ENGINE: Final = Spelling(" and ", "not ({})", "{} == {}", "{1} in {0}", "{} =~~ {}", '{} == ""')


def context(facts: Mapping[str, Any], used: Sequence[str]) -> dict[str, Any]:
    """Return the facts that conditions use as an engine's variables."""
    known = {name: facts.get(name.replace("_", ".", 1) if "_" in name else name) for name in used}
    known["text"] = folded(str(facts.get("text", "")))
    return {name: (value or False) if name in FLAGS else value or "" for name, value in known.items()}


def folded(text: str) -> str:
    """Return text as our own text pass sees it."""
    return unicodedata.normalize("NFC", text.casefold())


def variable(fact: str) -> str:
    """Return a fact's name without its dot; "business_value" keeps its own underscore."""
    return fact.replace(".", "_", 1)


def expression(when: When, spelling: Spelling) -> str:
    """Return a condition in the engine's language."""
    return spelling.both.join(_entry(fact, value, spelling) for fact, value in when.items()) or "true"


def _entry(fact: str, value: Any, spelling: Spelling) -> str:
    name = variable(fact)
    if fact == "not":
        return spelling.negated.format(expression(value, spelling))
    if isinstance(value, list):
        return f"{name} in {_quoted(value)}"
    if not isinstance(value, dict):
        return spelling.equals.format(name, _quoted(value))
    if "empty" in value:
        return spelling.empty.format(name)
    if "pattern" in value:
        return spelling.matches.format(name, _quoted(value["pattern"]))
    either = " || " if spelling is CEL else " or "
    return "(" + either.join(spelling.contains.format(name, _quoted(folded(word))) for word in value["words"]) + ")"


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def peers(conditions: Sequence[When], used: Sequence[str]) -> dict[str, Peer]:
    """Return the engines that are installed, ready for these conditions and variables."""
    found = {}
    makers = (_common_expression_language, _cel_expr_python, _zen_expressions, _zen_table, _rule_engine)
    for maker in makers:
        name, package = str(maker.__doc__).split(" from ")
        try:
            module = importlib.import_module(package.rstrip("."))
        except ImportError:
            continue
        found[name] = maker(module, conditions, used)
    return found


def _common_expression_language(cel: Any, conditions: Sequence[When], used: Sequence[str]) -> Peer:
    """common-expression-language from cel"""
    programs = [cel.compile(expression(when, CEL)) for when in conditions]

    def evaluate(facts: Mapping[str, Any]) -> list[bool]:
        known = cel.Context(facts)
        return [program.execute(known) for program in programs]

    return evaluate


def _cel_expr_python(cel: Any, conditions: Sequence[When], used: Sequence[str]) -> Peer:
    """cel-expr-python from cel_expr_python.cel"""
    types = {name: cel.Type.BOOL if name in FLAGS else cel.Type.STRING for name in used}
    env = cel.NewEnv(variables=types)
    programs = [env.compile(expression(when, CEL)) for when in conditions]

    def evaluate(facts: Mapping[str, Any]) -> list[bool]:
        known = env.Activation(facts)
        return [program.eval(known).value() for program in programs]

    return evaluate


def _zen_expressions(zen: Any, conditions: Sequence[When], used: Sequence[str]) -> Peer:
    """zen-engine, expressions from zen"""
    programs = [zen.compile_expression(expression(when, ZEN)) for when in conditions]
    return lambda facts: [program.evaluate(facts) for program in programs]


def _zen_table(zen: Any, conditions: Sequence[When], used: Sequence[str]) -> Peer:
    """zen-engine, one decision table from zen"""
    decision = zen.ZenEngine().create_decision(json.dumps(_decision_table(conditions), ensure_ascii=False))

    def evaluate(facts: Mapping[str, Any]) -> list[bool]:
        hits = {row["rule"] for row in decision.evaluate(facts)["result"]}
        return [number in hits for number in range(len(conditions))]

    return evaluate


def _decision_table(conditions: Sequence[When]) -> dict[str, Any]:
    """Return a table that collects the numbers of all rows whose condition holds."""
    rows = [
        {"_id": str(number), "when": expression(when, ZEN), "then": str(number)}
        for number, when in enumerate(conditions)
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": "then", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": table},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
        for start, end in (("in", "table"), ("table", "out"))
    ]
    return {"nodes": nodes, "edges": edges}


def _rule_engine(rule_engine: Any, conditions: Sequence[When], used: Sequence[str]) -> Peer:
    """rule-engine from rule_engine"""
    rules = [rule_engine.Rule(expression(when, RULE_ENGINE)) for when in conditions]
    return lambda facts: [rule.matches(facts) for rule in rules]
