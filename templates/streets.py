"""Finds postal addresses by their form: a street with the number of a house, in the ways of ten languages.

A street without a number, and a town alone, tell of nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

CAPITAL: Final = "[A-ZÀ-ÖØ-ÞĐ]"
NAME: Final = rf"{CAPITAL}(?:[^\W\d_]|['’.-]){{0,30}}"
TOWN: Final = rf"(?:(?:,\s?|\s)(?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:-\d{{3}})?\s{NAME}(?:[ -]{NAME})?|,\s{NAME}(?=[\s,.;]|$))?"
"""What may follow: a postcode with its town, or a town alone behind a comma."""

HOUSE: Final = r"\s\d{1,4}(?:\s?[A-Za-z](?!\w))?(?![\w.:/%]|,\d)"
NUMBERED: Final = r"(?:,?\s(?:n[.º°o]+\s?)?\d{1,5}(?![\w.:/%]|,\d))"
OF: Final = r"(?:(?:de|del|da|do|dos|das|la|las|los|el|y|e|du|des|l['’]|d['’]|d['’]une|en|à)\s?)"
NAMES: Final = rf"{OF}{{0,2}}{NAME}(?:\s{OF}{{0,2}}{NAME}){{0,3}}"

ENGLISH: Final = (
    rf"\d{{1,5}}[A-Za-z]?,?\s(?:{NAME}\s){{1,3}}"
    r"(?:Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Boulevard|Blvd\.?|Terrace|Crescent|Square)(?!\w)"
)
THERE: Final = r"(?:,\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)?(?:,?\s[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|,\s[A-Z]{2}\s\d{5})?"
"""A town, and a British or American postcode. Without any the street ends its clause, or somebody is there."""

FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\w)(?:\w{{2,20}}(?:veien|vegen|gata|gaten|gåta)|(?:{NAME}\s){{1,3}}(?:gate|vei|veg|plass|allé)){HOUSE}{TOWN}",
        rf"(?<!\w){NAME}(?:gate|vei|veg|plass|torg|brygge){HOUSE},?\s\d{{4}}\s{NAME}",
        rf"(?<!\w)(?:\w{{2,24}}(?:straße|strasse|str\.|gasse|allee)|{NAME}[\s-](?:Straße|Strasse|Str\.|Allee|Gasse))"
        rf"{HOUSE}{TOWN}",
        rf"(?<!\w){CAPITAL}\w{{2,24}}(?:weg|platz|ring|damm|ufer){HOUSE},?\s(?:D-)?\d{{5}}\s{NAME}",
        rf"(?:(?<=\bto\s)|(?<=\bat\s)|(?<=\bin\s)|(?<=\bfrom\s)|(?<=\bnear\s)){ENGLISH}{THERE}",
        rf"(?<![\w.,:/-]){ENGLISH}(?={THERE}\s?(?:[,.;)\n]|$)){THERE}",
        r"(?<![\w.,:/-])\d{1,4}(?:\s(?:bis|ter))?,?\s(?:rue|avenue|boulevard|bd|allée|impasse|chemin|quai|place|cours)\s"
        rf"{NAMES}(?:,?\s?\d{{5}}\s{NAME})?",
        rf"(?<!\w)(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.|[Pp]aseo|[Pp]laza)\s?{NAMES}{NUMBERED}{TOWN}",
        rf"(?<!\w)(?:[Rr]ua|R\.|[Aa]venida|[Aa]v\.|[Tt]ravessa|[Aa]lameda|[Pp]raça)\s{NAMES}{NUMBERED}{TOWN}",
        r"(?<![\w.,:/-])(?:[Ss]ố\s)?\d{1,4}[A-Za-z]?(?:/\d{1,4}){0,3}\s(?:đường|phố|Đường|Phố)"
        r"(?:\s[^\W\d_a-z]\w*){2,4}"
        r"(?:,\s(?:phường|quận|huyện|thành phố|P\.|Q\.)\s?\w+(?:\s[^\W\d_a-z]\w*){0,3}){0,3}",
        r"[\u4e00-\u9fff]{2,10}(?<![线電电链回网光通])(?:路|街|大道|巷|胡同)\d{1,5}(?:弄\d{1,4})?号(?:院)?"
        r"(?:\d{1,3}号?[栋幢楼])?(?:\d{1,2}单元)?(?:\d{1,4}[室层楼])?",
        r"(?:〒\s?\d{3}-\d{4}\s?)?(?:[\u4e00-\u9fff]{2,3}[都道府県])?[\u4e00-\u9fff]{1,5}[市区郡][\u3040-\u30ff\u4e00-\u9fff]{1,10}"
        r"\d{1,3}(?:丁目\d{1,3}(?:番地?|-)\d{0,3}号?|-\d{1,3}-\d{1,3})",
        r"شارع(?:\s[\u0621-\u064a]+){1,4}،?\s(?:رقم\s|مبنى\s|منزل\s)?\d{1,5}(?!\d)",
        r"\d{1,5}\sشارع(?:\s[\u0621-\u064a]+){1,3}",
    )
)


def streets(text: str) -> Iterator[tuple[int, int]]:
    """Yield where postal addresses stand."""
    for form in FORMS:
        for found in form.finditer(text):
            yield found.start(), found.start() + len(found[0].rstrip(" ,.\n"))
