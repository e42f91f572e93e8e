"""Finds personal data in texts by its form: mail, phones, accounts, addresses in the network, people with a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from templates.numbers import DATE, NATIONAL, digits, iban_end, is_card, is_phone

Span = tuple[int, int]

AT: Final = re.compile(r"@| ?[(\[](?:at|arroba|æt|a)[)\]] ?")
LOCAL: Final = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$")
LOCAL_OF_ALL: Final = re.compile(r"[\w.+-]{1,64}$")
DOMAIN: Final = re.compile(r"(?:[a-z0-9-]{1,63}(?:\.| ?[(\[](?:dot|punkt|punto|ponto|point)[)\]] ?)){1,8}[a-z]{2,24}")
DOMAIN_OF_ALL: Final = re.compile(r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
MENTION: Final = re.compile(r"\[~[^\]\n]{1,120}\]")

IP4: Final = re.compile(
    r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)|(?<=[^\W\da-z_])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
)
VERSIONED: Final = re.compile(
    r"(?:\b(?:v|ver|vers|version\w*|versjon\w*|versao|release|build|firmware|fw|driver|update|patch|agent|client)\b"
    r"|版本|ハーシ.ン|phien ban|اصدار)[^\d\n]{0,12}$"
)
IP6: Final = re.compile(
    r"(?<![\w:.])(?=[0-9a-f:]{0,38}\d)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?![\w:])"
)
MAC: Final = re.compile(
    r"(?<![0-9a-z:-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})"
    r"(?![0-9a-z]|[:-][0-9a-f])"
)

IBAN: Final = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}")
LONG: Final = re.compile(r"(?<![a-z0-9])(?<![0-9][.,-])\d(?:[ -]?\d){12,18}(?![a-z0-9]|[.,-]\d)")

ACCOUNT_WORDS: Final = (
    r"account|acct|iban|konto|kunde|client(?:e|s)?(?![a-z])|customer|compte|cuenta|conta(?![a-z])|tarjeta|carte|cartao|"
    r"passport|passnummer|reisepass|pasaporte|passaporte|passeport|personnummer|fodselsnummer|personalausweis|ausweis|"
    r"steuer|sozialversicherung|versicherung|social security|national insurance|member|loyalty|mitglied|medlem|"
    r"employee|personalnummer|ansatt|matricul|legajo|expediente|securite sociale|agencia|sort code|routing|police|"
    r"(?:ssn|dni|nie|cpf|rg|cnpj|cccd|cmnd|nif|nir|rib|clabe|cbu|bic|tk|stk|kort|karte|card)(?![a-z])|"
    r"kredittkort|kreditkarte|bankkort|"
    r"tai khoan|so the|the tin dung|the ngan hang|khach hang|can cuoc|ho chieu|ma so thue|ma nhan vien|"
    r"账号|帐号|账户|帐户|賬號|卡号|客户号|客户编号|会员号|工号|身份证|护照|银行卡|"
    r"口座|お客様番号|顧客番号|会員番号|社員番号|カート番号|マイナンハー|旅券|счет|حساب|عميل|بطاق|هوي|جواز|عضوي|ايبان"
)
ACCOUNT: Final = re.compile(
    rf"(?<![a-z])(?:{ACCOUNT_WORDS})"
    r"(?P<gap>[^\d\n.!?;。！？\ufffc]{0,24}(?:\bn[.º°]?[^\d\n\ufffc]{0,3})?)"
    r"(?P<number>\d(?:[ ./-]?\d){4,27}(?:, ?\d{5,27}){0,9})"
    r"(?![a-z0-9]|[.,-]\d)"
)
MONEY: Final = re.compile(
    r" ?(?:kr|nok|sek|usd|eur|gbp|brl|sar|aed|vnd|cny|rmb|jpy|dong|dolar|euro|%|€|\$|£|¥|円|元|ريال|درهم|rows|records"
    r"|lines|users?|zeilen|filas|lignes|件|条)"
)

PHONE_WORDS: Final = (
    r"(?:tel|telf|tlf|tfno|cel|cell|fono|ring|call|fax|ext|dt|sdt|goi|ramal|whatsapp|zalo|mobil|mob)(?![a-z])|"
    r"phone|telephone|telefon|telefoon|mobile|mobiln|movil|celular|handy|ringe|appel|rappel|joindre|llama|ligar|ligue|"
    r"portable|rufnummer|durchwahl|extension|anruf|erreichbar|ruckruf|contact number|dien thoai|so may|hotline|"
    r"电话|手机|號碼|致电|座机|電話|携帯|内線|هاتف|جوال|تليفون|موبايل|اتصل|الاتصال|واتساب|тел"
)
CALLED: Final = re.compile(rf"(?<![a-z])(?:{PHONE_WORDS})(?:[^\d\n!?;。\ufffc]{{0,20}})$")
NUMBER: Final = re.compile(
    r"(?<![a-z0-9_])(?<![a-z0-9]-)(?<!\d[.,:/])(?:\+ ?\(?|\(\+?)?\d(?:[ .\-/()]{0,3}\d){4,19}(?![a-z0-9_]|[.,:/-]\d)"
)
LOOK_BACK: Final = 48


def emails(text: str) -> Iterator[Span]:
    """Yield where mail addresses stand, those that are spelt out for people among them."""
    for at in AT.finditer(text):
        start = max(0, at.start() - 64)
        local = LOCAL.search(text[start : at.start()]) or LOCAL_OF_ALL.search(text[start : at.start()])
        domain = DOMAIN.match(text, at.end()) or DOMAIN_OF_ALL.match(text, at.end())
        if local and domain:
            yield start + local.start(), domain.end()


def addresses(text: str) -> Iterator[Span]:
    """Yield where addresses of devices in a network stand."""
    yield from (found.span() for found in MAC.finditer(text))
    for found in IP4.finditer(text):
        if _is_ip(found[0]) and not VERSIONED.search(text[max(0, found.start() - LOOK_BACK) : found.start()]):
            yield found.span()
    yield from (found.span() for found in IP6.finditer(text) if _is_ip(found[0]))


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def accounts(text: str) -> Iterator[Span]:
    """Yield where numbers of accounts, cards, customers and citizens stand."""
    yield from (found.span() for found in MENTION.finditer(text))
    for found in IBAN.finditer(text):
        if end := iban_end(found[0]):
            yield found.start(), found.start() + end
    yield from (found.span() for found in LONG.finditer(text) if is_card(found[0]))
    for form, is_right in NATIONAL:
        yield from (found.span() for found in form.finditer(text) if is_right(found[0]))
    for found in ACCOUNT.finditer(text):
        number, called = found["number"], CALLED.search(found["gap"])
        if len(digits(number)) > 4 and not (called or DATE.match(number) or MONEY.match(text, found.end())):
            yield found.span("number")


def phones(text: str) -> Iterator[Span]:
    """Yield where phone numbers stand: in the forms that countries have, and in any behind a word that says so."""
    for found in NUMBER.finditer(text):
        called = CALLED.search(text[max(0, found.start() - LOOK_BACK) : found.start()]) is not None
        if is_phone(found[0], called):
            yield found.span()
