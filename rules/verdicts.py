"""What an internal note says to a question for approval: granted, refused, or neither. Only its first word counts.

Whoever means neither is never taken for either: a negation, a question or a word about approvals is no verdict.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Literal

from rules.words import folded

Verdict = Literal["granted", "refused"]

READ: Final = 1500
"""Characters that are looked at: what comes first is enough."""

SPACED: Final[dict[Verdict, str]] = {
    "granted": (
        "approve, approves, approved, godkjenn, godkjenner, godkjent, godkjente, godkjennes, duyệt, đã duyệt,"
        "phê duyệt, đã phê duyệt, được duyệt, chấp thuận, đã chấp thuận, đồng ý, aprobado, aprobada,"
        "aprobados, aprobadas, apruebo, aprobamos, approuvé, approuvée, approuvés, approuvées, approuve, j'approuve,"
        "nous approuvons, genehmigt, genehmige, freigegeben, aprovado, aprovada, aprovados, aprovadas,"
        "aprovo, aprovamos, موافق, موافقة, موافقون,"
        "أوافق, اوافق, نوافق, تمت الموافقة, معتمد, معتمدة"
    ),
    "refused": (
        "refuse, refuses, refused, reject, rejects, rejected, deny, denies, denied, decline, declines, declined, avslå,"
        "avslår, avslås, avslått, avslag, avvist, avvises, avviser, từ chối, đã từ chối, bị từ chối, không duyệt,"
        "không phê duyệt, không đồng ý, không chấp thuận, rechazado, rechazada, rechazados, rechazadas, rechazo,"
        "rechazamos, denegado, denegada, deniego, refusé, refusée, refusés, refusées, je refuse, nous refusons, rejeté,"
        "rejetée, rejetés, rejetées, abgelehnt, lehne ab, verweigert, recusado, recusada, recusados, recusadas, recuso,"
        "recusamos, rejeitado, rejeitada, rejeitados, rejeitadas, rejeito, reprovado, reprovada, reprovo, negado,"
        "negada, مرفوض, مرفوضة, أرفض, ارفض, نرفض, رفض, تم الرفض, غير موافق, غير موافقة"
    ),
}
UNSPACED: Final[dict[Verdict, str]] = {
    "granted": "批准, 同意, 核准, 已批准, 已同意, 已核准, 承認, 了承, 許可",
    "refused": (
        "拒绝, 已拒绝, 不批准, 不同意, 不予批准, 未批准, 驳回, 已驳回, 却下, 拒否, 否認, 不承認, 非承認, 承認しません,"
        "承認できません, 承認いたしません, 承認致しません, 承認しない, 承認できない, 承認いたしかね, 承認しかね"
    ),
}
UNCERTAIN: Final = re.compile(
    "[吗嗎么么不未没沒否]|申请|请求|流程|需要|之前|拒绝|驳回|ません|ない|かね|待ち|依頼|申請|必要|願|却下|拒否|か$"
)
"""What turns a word of approval into something else in writing without spaces: not, whether, please, before."""

QUOTED: Final = re.compile(r"\{quote\}.*?(?:\{quote\}|\Z)|<blockquote.*?(?:</blockquote>|\Z)", re.DOTALL | re.I)
MARKUP: Final = re.compile(
    r"\[/?code\]|</?[A-Za-z][^<>]{0,500}>|\{[A-Za-z]{1,20}(?::[^{}\n]{0,200})?\}|\[~[^\]\n]{0,200}\]|^\s*h[1-6]\.\s"
    r"|&nbsp;|[\u0640\u064b-\u0652\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufe0f\ufeff]",
    re.IGNORECASE | re.MULTILINE,
)
BLOCK: Final = re.compile(r"</?(?:p|div|br|li|h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)
CLAUSE: Final = re.compile(r"[.!?;:,…。！？；：，、،؛؟]")
ASKING: Final = frozenset("?？؟")


def _phrases(words: dict[Verdict, str]) -> dict[str, Verdict]:
    return {folded(one.strip()): verdict for verdict, text in words.items() for one in text.split(",")}


WORDS: Final = _phrases(SPACED)
PREFIXES: Final = tuple(sorted(_phrases(UNSPACED).items(), key=lambda one: -len(one[0])))
LONGEST: Final = max(phrase.count(" ") for phrase in WORDS) + 1


def verdict(text: str) -> Verdict | None:
    """Return what the first word of the first line with any says: "granted", "refused", or None.

    Signs of markup, quotation marks and punctuation around it do not count; quoted lines are not the author's.
    """
    line = next(lines(text[:READ]), "")
    end = CLAUSE.search(line)
    if end is not None and end[0] in ASKING:
        return None
    clause = line[: end.start()] if end is not None else line
    return _spaced(clause) or _unspaced("".join(clause.split()))


def lines(text: str) -> Iterator[str]:
    """Yield the lines that have a word, as they are compared, from their first letter on."""
    plain = MARKUP.sub("", BLOCK.sub("\n", QUOTED.sub("\n", text.replace("’", "'"))))
    for line in plain.splitlines():
        if not line.lstrip().startswith((">", "bq.", "&gt;")):
            start = next((place for place, letter in enumerate(line) if _is_letter(letter)), -1)
            if start >= 0:
                yield folded(line[start:])


def _is_letter(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"


def _spaced(clause: str) -> Verdict | None:
    """Return what the first words say, the longest phrase first; signs around each do not count."""
    words = [_bare(word) for word in clause.split()[:LONGEST]]
    tries = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    return next((WORDS[phrase] for phrase in tries if phrase in WORDS), None)


def _bare(word: str) -> str:
    places = [place for place, letter in enumerate(word) if _is_letter(letter)]
    return word[places[0] : places[-1] + 1] if places else ""


def _unspaced(clause: str) -> Verdict | None:
    """Return what a clause begins with in writing without spaces."""
    for prefix, found in PREFIXES:
        if clause.startswith(prefix):
            rest = clause.removeprefix(prefix)
            return None if UNCERTAIN.search(rest) else found
    return None
