"""Finds people of whom nothing is known but how others speak of them: with a title, or below a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

Span = tuple[int, int]

TITLES: Final = (
    "Mr Mrs Ms Miss Mx Dr Prof Herr Herrn Frau Fru Frk Mme Mlle Monsieur Madame Mademoiselle Sra Srta Señor Señora "
    "Doña Senhor Senhora Dona Ông Bà Anh Chị Cô Chú Thầy Bác"
)
BEFORE: Final = (
    "my name is|this is|my colleague|our colleague|colleague|on behalf of|contact person|contact|jeg heter|"
    "mitt navn er|kollegaen min|min kollega|kollega|kollegaen|kontaktperson|på vegne av|mein name ist|"
    "ich heiße|mein kollege|meine kollegin|kollege|kollegin|kollegen|ansprechpartner|ansprechpartnerin|"
    "im auftrag von|je m'appelle|je m’appelle|mon collègue|ma collègue|collègue|de la part de|me llamo|"
    "mi nombre es|mi compañero|mi compañera|compañero|compañera|de parte de|meu nome é|me chamo|meu colega|"
    "minha colega|colega|em nome de|tôi tên là|tên tôi là|đồng nghiệp|người liên hệ|thay mặt"
)
FAREWELLS: Final = (
    "kind regards|best regards|regards|best wishes|many thanks|thanks|cheers|sincerely|med vennlig hilsen|"
    "vennlig hilsen|hilsen|mvh|takk|mit freundlichen grüßen|freundliche grüße|viele grüße|beste grüße|grüße|gruß|vg|lg|"
    "mfg|danke|cordialement|bien à vous|merci|salutations|saludos|un saludo|atentamente|gracias|atenciosamente|"
    "abraços|att|obrigado|obrigada|trân trọng|cảm ơn|xin cảm ơn"
)
LATIN: Final = re.compile(
    rf"(?<!\w)(?:(?i:{TITLES.replace(' ', '|')})\.?|M\.|Sr\.|(?i:{BEFORE}):?)(?=[ \u00a0])"
    rf"|(?<!\w)(?i:{FAREWELLS})(?=[,!. ]{{0,3}}\s)[,!.]?"
)
WORD: Final = re.compile(
    r"[ \u00a0]?\n?\n?[ \u00a0]?(?:(?:van|von|de|da|dos|del|la|bin|al|el|zu) |d['’]|[A-Z]\. ?)?([^\W\d_][\w'’-]{0,30})"
)
MOST_WORDS: Final = 4

FAMILIES: Final = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖"
    "姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚張劉陳楊黃趙吳孫馬鄭羅謝韓許鄧馮蕭蘇葉呂蔣鐘盧陸"
)
CHINESE: Final = re.compile(
    rf"[{FAMILIES}][\u4e00-\u9fff]{{0,2}}(?=先生|女士|小姐|经理|老师|主任|總|主管|工程师)"
    rf"|(?<=我叫)[{FAMILIES}][\u4e00-\u9fff]{{1,2}}|(?<=同事)[{FAMILIES}][\u4e00-\u9fff]{{1,2}}"
    rf"|(?:(?<=联系人[：:])|(?<=联系人))[{FAMILIES}][\u4e00-\u9fff]{{1,2}}"
)
JAPANESE: Final = re.compile(
    r"(?<![\u4e00-\u9fff\u30a0-\u30ff])(?:[\u4e00-\u9fff]{1,5}|[\u30a0-\u30ff]{2,12})(?=さん|様|さま|氏(?![\u4e00-\u9fff])|と申します)"
)
NOBODY: Final = frozenset(
    [
        "客",
        "皆",
        "担当者",
        "利用者",
        "関係者",
        "管理者",
        "責任者",
        "各位",
        "奥",
        "王",
        "神",
        "同",
        "母",
        "父",
        "何",
        "模",
        "仕",
        "有",
        "異",
        "多",
        "一",
        "各",
        "人",
        "お客",
        "業者",
        "取引先",
        "ユーザー",
        "メーカー",
        "ベンダー",
    ]
)
ARABIC: Final = re.compile(
    r"(?<![\u0621-\u064a])[ولب]?(?:السيد|السيدة|الأستاذ|الأستاذة|الدكتور|الدكتورة|المهندس|المهندسة|الأخ|الأخت|الآنسة|"
    r"زميلي|زميلتي|زميلنا|زميلتنا|اسمي|للسيد|للسيدة)[:\s] ?(?P<name>[\u0621-\u0652]{2,20}(?: [\u0621-\u0652]{2,20})?)"
)
NO_SECOND: Final = frozenset(
    [
        "من",
        "في",
        "على",
        "لا",
        "لم",
        "لن",
        "أن",
        "إلى",
        "عن",
        "قال",
        "قالت",
        "يقول",
        "تقول",
        "يريد",
        "تريد",
        "مع",
        "هو",
        "هي",
        "الذي",
        "التي",
        "لديه",
        "لديها",
        "ما",
        "كان",
        "كانت",
        "بعد",
        "قبل",
        "منذ",
        "عند",
        "طلب",
        "طلبت",
    ]
)
"""Words that are no second name."""


def titled(text: str) -> Iterator[Span]:
    """Yield where people stand who are spoken of with a title, or who sign; of the text as it is, capitals matter."""
    for cue in LATIN.finditer(text):
        yield from _words(text, cue.end())
    yield from (found.span() for found in CHINESE.finditer(text))
    yield from (found.span() for found in JAPANESE.finditer(text) if found[0] not in NOBODY)
    for found in ARABIC.finditer(text):
        _, _, second = found["name"].partition(" ")
        end = found.end("name") - (len(second) + 1 if second in NO_SECOND else 0)
        yield found.start("name"), end


def _words(text: str, place: int) -> Iterator[Span]:
    """Yield the words from here on that begin with a capital: a name."""
    start = end = -1
    for _ in range(MOST_WORDS):
        found = WORD.match(text, place)
        if found is None or not found[1][0].isupper() or (start >= 0 and "\n" in found[0]):
            break
        start = found.start(1) if start < 0 else start
        place = end = found.end()
    if start >= 0:
        yield start, end
