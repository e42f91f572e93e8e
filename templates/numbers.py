"""Tells numbers that belong to a person by their forms and check digits: bank accounts, cards, national ids, phones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

IBAN_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "no", 16: "be", 18: "nl dk fi", 20: "at lu", 21: "ch", 22: "de gb ie bh", 23: "ae", 24: "es sa se cz ro tn",
        25: "pt", 26: "tr", 27: "fr it gr", 28: "pl hu lb", 29: "qa br eg", 30: "kw jo",
    }.items()
    for country in countries.split()
}  # fmt: skip
CARD: Final = re.compile(r"4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|6\d{15}|35\d{14}")
DATE: Final = re.compile(r"(?:\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d|(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2})(?!\d)")
PAIRS: Final = re.compile(r"0[1-9](?:([ .\-])\d\d)(?:\1\d\d){3}")
GROUPED: Final = tuple(
    re.compile(form)
    for form in (
        r"\+\(?\d[\d ().\-/]*",
        r"1[3-9]\d([ -]?)\d{4}\1\d{4}",  # China
        r"(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]\d{3}[ .-]\d{4}",  # North America
        r"[6-9]\d\d[ .-]\d{3}[ .-]\d{3}|[6-9]\d\d(?:[ .-]\d\d){3}",  # Spain
        r"[2-9]\d \d\d \d\d \d\d|[489]\d\d \d\d \d{3}",  # Norway
        r"(?:\(\d\d\) ?|\d\d )(?:9[ .]?)?[2-9]\d{3}[ .-]\d{4}|9\d{4}-\d{4}|\(\d\d\) ?9?\d{8}",  # Brazil
        r"(?:800|900|1800)[ .-]\d{3}[ .-]\d{3,4}|9200\d{5}",
    )
)
LEAST, MOST = 8, 15
"""Digits of a phone number with its country; E.164 allows no more."""


def digits(text: str) -> str:
    """Return the digits of a text."""
    return "".join(sign for sign in text if sign.isdigit())


def iban_end(text: str) -> int:
    """Return how much of a text, beginning with a bank account, is that account; 0 where the check digits are wrong."""
    wanted, seen = IBAN_LENGTHS.get(text[:2], 0), 0
    for place, sign in enumerate(text):
        seen += sign not in " -"
        if seen == wanted:
            number = "".join(one for one in text[: place + 1] if one not in " -")
            turned = "".join(str(int(one, 36)) for one in number[4:] + number[:4])
            return place + 1 if int(turned) % 97 == 1 else 0
    return 0


def is_card(text: str) -> bool:
    """Tell whether a number is that of a card, by its first digits, its length and its check digit (Luhn)."""
    number = digits(text)
    doubled = [int(one) * (1 + at % 2) for at, one in enumerate(reversed(number))]
    return CARD.fullmatch(number) is not None and sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _weighted(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(one) * weight for one, weight in zip(number, weights, strict=False))


def _norwegian(text: str) -> bool:
    number = digits(text)
    first = _weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    second = _weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
    return first == second == 0 and _is_day("2000", number[2:4], f"{int(number[:2]) % 40:02}")


def _chinese(text: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10x98765432"[_weighted(text, weights) % 11] == text[17] and _is_day(text[6:10], text[10:12], text[12:14])


def _spanish(text: str) -> bool:
    number = text.replace(".", "").replace("-", "").replace(" ", "")
    return "trwagmyfpdxbnjzsqvhlcke"[int(number[:-1].translate({120: "0", 121: "1", 122: "2"})) % 23] == number[-1]


def _brazilian(text: str) -> bool:
    number = digits(text)
    first = _weighted(number, tuple(range(10, 1, -1))) * 10 % 11 % 10
    second = _weighted(number, tuple(range(11, 1, -1))) * 10 % 11 % 10
    return number[9:] == f"{first}{second}" and len(set(number)) > 1


def _french(text: str) -> bool:
    number = digits(text)
    return 97 - int(number[:13]) % 97 == int(number[13:])


def _always(_text: str) -> bool:
    return True


NATIONAL: Final[tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...]] = tuple(
    (re.compile(rf"(?<![a-z0-9.,\-])(?:{form})(?![a-z0-9]|[-.,]\d)"), check)
    for form, check in (
        (r"\d{6} ?\d{5}", _norwegian),
        (r"[1-9]\d{16}[\dx]", _chinese),
        (r"(?:\d{8}|\d\d\.\d{3}\.\d{3}|[xyz]-?\d{7})[ -]?[a-z]", _spanish),
        (r"\d{3}\.\d{3}\.\d{3}-\d\d|\d{11}", _brazilian),
        (r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d\d ?\d{3} ?\d{3} ?\d\d", _french),
        (r"[0-8]\d\d-\d\d-\d{4}", _always),  # United States
        (r"784-?(?:19|20)\d\d-?\d{7}-?\d", _always),  # United Arab Emirates
    )
)


def is_phone(text: str, called: bool) -> bool:
    """Tell whether a number reads as that of a phone; one that is `called` so before it may have any form."""
    number = digits(text)
    if called and 5 <= len(number) <= MOST and not DATE.match(text):
        return True
    if not LEAST <= len(number) <= MOST + 2:
        return False
    if PAIRS.fullmatch(text) or any(form.fullmatch(text) for form in GROUPED):
        return True
    return _has_trunk(text, number) and not DATE.match(text)


def _has_trunk(text: str, number: str) -> bool:
    """Tell whether it begins as a call within a country or from one to another does."""
    plain = text.lstrip("(")
    if plain.startswith("00") and plain[2:3] in tuple("123456789"):
        return len(number) >= LEAST + 2 and (len(number) > 10 or " " in text)
    return plain.startswith("0") and plain[1:2] in tuple("123456789") and 9 <= len(number) <= 12
