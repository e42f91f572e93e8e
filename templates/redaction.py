"""Takes out of a text what suppliers never see: the people of the ticket, and what has the form of personal data.

What is taken out is replaced by a word that says what stood there, in the reader's language, such as "[name]".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from rules.language import chain
from templates.folded import GONE, Folded, fold
from templates.personal import accounts, addresses, emails, phones
from templates.persons import Known, sought
from templates.streets import streets
from templates.titles import titled

Span = tuple[int, int]
Search = Callable[[str, Folded, Known], Iterator[Span]]

KINDS: Final = ("name", "email", "phone", "account", "address", "street")
PLACES: Final = {
    "en": ("name", "e-mail", "phone", "account", "network address", "postal address"),
    "nb": ("navn", "e-post", "telefon", "konto", "nettadresse", "postadresse"),
    "vi": ("tên", "email", "điện thoại", "tài khoản", "địa chỉ mạng", "địa chỉ nhà"),
    "zh-Hans": ("姓名", "邮箱", "电话", "账号", "网络地址", "住址"),
    "es": ("nombre", "correo", "teléfono", "cuenta", "dirección de red", "domicilio"),
    "fr": ("nom", "e-mail", "téléphone", "compte", "adresse réseau", "adresse postale"),
    "de": ("Name", "E-Mail", "Telefon", "Konto", "Netzadresse", "Anschrift"),
    "ja": ("氏名", "メール", "電話", "アカウント", "ネットワークアドレス", "住所"),
    "pt-BR": ("nome", "e-mail", "telefone", "conta", "endereço de rede", "endereço postal"),
    "ar": ("الاسم", "البريد", "الهاتف", "الحساب", "عنوان الشبكة", "العنوان البريدي"),
}
"""What stands in square brackets instead, by language, in the order of KINDS."""

PLACE: Final = re.compile(rf"\[(?:{'|'.join(sorted({word for words in PLACES.values() for word in words}))})\]")
LEFT: Final = re.compile(rf"[^{GONE}]+")
ENOUGH: Final = 20
"""What is found makes what is left stand alone, and more may be found then: so often at most."""

NO_ONE: Final = Known()


def redacted(
    text: str, known: Known = NO_ONE, kinds: Collection[str] = KINDS, language: str = "en"
) -> tuple[str, Counter[str]]:
    """Return the text without personal data of these kinds, and how much of each was taken out."""
    words, hidden = places(language), Counter[str]()
    for _ in range(ENOUGH):
        found = _found(text, known, kinds)
        if not found:
            break
        hidden.update(kind for _, _, kind in found)
        text = _replaced(text, found, words)
    return text, hidden


def places(language: str) -> dict[str, str]:
    """Return what stands instead of each kind for a reader of this language."""
    words = next(PLACES[code] for code in chain(language, "en") if code in PLACES)
    return {kind: f"[{word}]" for kind, word in zip(KINDS, words, strict=True)}


def _replaced(text: str, found: Iterable[tuple[int, int, str]], words: dict[str, str]) -> str:
    pieces, place = [], 0
    for start, end, kind in sorted(found):
        pieces += [text[place:start], words[kind]]
        place = end
    return "".join([*pieces, text[place:]])


def _found(text: str, known: Known, kinds: Collection[str]) -> list[tuple[int, int, str]]:
    """Return what to take out. Each search sees nothing of what was taken out, or found by one before it."""
    folded = fold(text)
    left = folded.without(found.span() for found in PLACE.finditer(text))
    spans: list[tuple[int, int, str]] = []
    for kind, search in SEARCHES:
        if kind in kinds or kind == SPARED:
            new = _joined(folded.span(*span) for span in search(text, left, known))
            spans += [(*span, kind) for span in new if kind != SPARED]
            left = left.without(new)
    return spans


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return the stretches in their order, those that overlap as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _known(kind: str) -> Search:
    """Return the search for what is known of this kind."""

    def search(_text: str, left: Folded, known: Known) -> Iterator[Span]:
        pattern = sought(known).values.get(kind)
        return (found.span() for found in pattern.finditer(left.text)) if pattern else iter(())

    return search


def _short(text: str, left: Folded, known: Known) -> Iterator[Span]:
    """Yield names of two letters, which are other words unless they begin with a capital."""
    pattern = sought(known).short
    for found in pattern.finditer(left.text) if pattern else ():
        if text[left.at[found.start()]].isupper():
            yield found.span()


def _written(find: Callable[[str], Iterator[Span]]) -> Search:
    """Return the search for what capitals tell, too: as stretches of the folded text."""

    def search(text: str, left: Folded, _known: Known) -> Iterator[Span]:
        for span in find(text):
            start, end = (bisect_left(left.at, place) for place in span)
            yield from (part.span() for part in LEFT.finditer(left.text, start, end))

    return search


def _form(find: Callable[[str], Iterator[Span]]) -> Search:
    return lambda _text, left, _known: find(left.text)


SPARED: Final = "spared"
SEARCHES: Final[tuple[tuple[str, Search], ...]] = (
    ("email", _known("email")),
    (SPARED, _known(SPARED)),
    ("email", _form(emails)),
    ("street", _written(streets)),
    ("account", _known("account")),
    ("name", _known("name")),
    ("name", _short),
    ("address", _form(addresses)),
    ("account", _form(accounts)),
    ("phone", _form(phones)),
    ("name", _written(titled)),
)
"""What is looked for, the surest first."""
