"""Each language is written by its own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from message_desk import (
    ALL,
    ALWAYS,
    FACTS,
    FAILED,
    HANDED,
    LATE,
    OTHERS,
    PUBLIC,
    READERS,
    REVIEW,
    TITLES,
    WHY,
    Make,
    cases,
    promising,
    readers,
    warned,
)
from own_words import own_texts, own_words, said

from rules.verdicts import verdict
from templates.context import Context
from templates.formats import journal
from templates.render import Renderer

GREETINGS = {
    "en": ("Hello Ann,", "Hello,"),
    "nb": ("Hei, Kari", "Hei"),
    "vi": ("Chào anh/chị Khánh,", "Chào anh/chị,"),
    "zh-Hans": ("王芳，您好！", "您好！"),
    "es": ("Hola, María:", "Hola:"),
    "fr": ("Bonjour Camille,", "Bonjour,"),
    "de": ("Hallo Jana Vogt,", "Hallo,"),
    "ja": ("田中 太郎様", "お世話になっております。"),
    "pt-BR": ("Olá, João,", "Olá,"),
    "ar": ("مرحبًا \u2068ليلى\u2069،", "مرحبًا،"),
}
TOO_FAMILIAR = {
    "vi": r"\bbạn\b",
    "zh-Hans": "你",
    "es": r"\b(tú|tu|tus|te|ti|contigo|vosotros|vuestr[oa]s?)\b",
    "fr": r"\b(tu|te|toi|ton|ta|tes)\b",
    "de": r"\b(du|dich|dir|dein\w*|euch|euer|eure\w*)\b",
    "pt-BR": r"\b(tu|te|ti|contigo|teus?|tuas?|vós|vos|voss[oa]s?)\b",
    "ar": r"\b(بلاغك|طلبك|ردك|رسالتك|سنوافيك|يمكنك|يمنعك|فيمكنك|منك|عليك|إليك|غيرك|برعايتك|سنخبرك|سنبلغك|وعدناك|أنت)\b",
}
JARGON = {
    "en": "major incident",
    "nb": "alvorlig hendelse",
    "vi": "sự cố nghiêm trọng",
    "zh-Hans": "重大故障",
    "es": "incidencia grave",
    "fr": "incident majeur",
    "de": "großstörung",
    "ja": "重大インシデント",
    "pt-BR": "incidente grave",
    "ar": "حادث كبير",
}
QUOTES = {
    **dict.fromkeys(("en", "vi", "zh-Hans", "pt-BR"), "“”"),
    **dict.fromkeys(("nb", "es", "fr", "ar"), "«»"),
    "de": "„“",
    "ja": "「」",
}
COGNATES = {
    "nb": {"for", "at", "region", "sponsor", "team"},
    "vi": {"do"},
    "es": {"no", "ticket", "tickets"},
    "fr": {
        "articles",
        "catalogue",
        "cause",
        "incident",
        "message",
        "note",
        "service",
        "services",
        "solution",
        "ticket",
        "tickets",
    },
    "de": {
        "an",
        "in",
        "person",
        "problem",
        "region",
        "service",
        "services",
        "so",
        "stand",
        "team",
        "ticket",
        "tickets",
        "was",
    },
    "pt-BR": {"as", "do", "for", "no"},
}
"""Words that the messages of a language share with the English ones and are its own."""

REPORTS = ("post-incident-report",)
"""What tells the desk and the sponsor all there is to tell, however much that is."""

HAN = "[\u3040-\u30ff\u3400-\u9fff]"
FULL_WIDTH = "[\u3000-\u303f\uff00-\uffef“”]"
WORD = re.compile(rf"{HAN}|\w[^\s\u3040-\u30ff\u3400-\u9fff]*")
LIST_MARK = re.compile("^- ", re.MULTILINE)
BLANK = "[ \u00a0\u202f]"
GAP = rf"{BLANK}{{2}}|{BLANK}[,.，。、）)”」]|[（(“]{BLANK}|“”|«\s*»|（）|\(\)|\*\*|[,，：:] ?[.。]|，，|「」|、[、。]"
"""What stays behind where a value is missing and the text does not take notice."""

GERMAN_QUOTES = str.maketrans("„“", "“”")
"""German closes a quotation with the sign that opens one elsewhere."""


def own_part(body: str) -> str:
    """Return a text without the footer, which is the same under all."""
    return body.rpartition("\n\n")[0]


def with_gaps(make: Make, message: str, language: str) -> Iterator[Context]:
    """Return contexts in which everything is known, one thing is not, and nothing is."""
    known = {**FACTS, "title": TITLES[language]}
    optional = [fact for fact in known if fact not in ALWAYS.get(message, ())]
    for missing in ([], *([fact] for fact in optional), optional):
        facts = {fact: value for fact, value in known.items() if fact not in missing}
        for kind in ("incident", "request"):
            yield make(facts, language, person=READERS[language], kind=kind, failed=FAILED)
            yield promising(make(facts, language, kind=kind, failed=FAILED._replace(reader="")))
            yield promising(make({**facts, **LATE}, language, "team", kind=kind, failed=FAILED))
            yield promising(make({**facts, **HANDED}, language, "team", kind=kind, failed=FAILED))
            yield make(facts, language, "team", kind=kind, reasons=WHY, failed=FAILED)
            for reader in readers(message)[2:]:
                yield make(facts, language, reader, kind=kind)
                yield promising(make(facts, language, reader, READERS[language], kind, review=REVIEW))


@pytest.mark.parametrize(("message", "language"), ALL)
def test_a_message_is_short(renderer: Renderer, make: Make, message: str, language: str) -> None:
    most = {"vi": 110, "zh-Hans": 160, "ja": 220}.get(language, 80)  # some write each syllable as a word, or none
    for _, context in cases(make, message, language):
        if message in REPORTS and context["audience"] in ("team", "sponsor"):
            continue
        body = renderer.render(message, language, context).body
        text = journal(own_part(body) if message == "handed-over" else body)  # all that a team must know at once
        assert len(WORD.findall(text)) <= most


@pytest.mark.parametrize(("message", "language"), PUBLIC)
def test_requesters_are_greeted_as_their_language_does(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    bodies = [renderer.render(message, language, make({}, language, person=p)).body for p in (READERS[language], None)]
    assert tuple(body.split("\n")[0] for body in bodies) == GREETINGS[language]


@pytest.mark.parametrize(("message", "language"), ALL)
def test_whoever_has_words_of_their_own_is_greeted_by_name(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    for audience in renderer.audiences(message, language) & OTHERS.keys():
        person = READERS[language]
        first = renderer.render(message, language, make(FACTS, language, audience, person)).body.split("\n")[0]
        assert any(word in first for word in re.findall(r"\w+", person.name)), first


@pytest.mark.parametrize(("message", "language"), [case for case in ALL if case[1] in TOO_FAMILIAR])
def test_readers_are_addressed_politely(renderer: Renderer, make: Make, message: str, language: str) -> None:
    assert not re.search(TOO_FAMILIAR[language], own_words(renderer, make, message, language), re.IGNORECASE)


@pytest.mark.parametrize(("message", "language"), [case for case in ALL if case[1] != "en"])
def test_no_english_is_left_over(renderer: Renderer, make: Make, message: str, language: str) -> None:
    english, own = (
        set(re.findall(r"[^\W\d_]{2,}", own_words(renderer, make, message, code).casefold()))
        for code in ("en", language)
    )
    assert own & english <= COGNATES.get(language, set())


@pytest.mark.parametrize(("message", "language"), ALL)
def test_all_languages_of_a_message_say_the_same_values(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    english, own = (
        [set(re.findall(r"\d+", text)) for text in own_texts(renderer, make, message, code)]
        for code in ("en", language)
    )
    assert own == english


@pytest.mark.long
@pytest.mark.parametrize(("message", "language"), ALL)
def test_what_is_not_known_leaves_no_gap(renderer: Renderer, make: Make, message: str, language: str) -> None:
    for context in with_gaps(make, message, language):
        text = said(renderer, message, language, context)
        assert not re.search(GAP, text.translate(GERMAN_QUOTES) if language == "de" else text), text


@pytest.mark.parametrize(("message", "language"), ALL)
def test_bold_ends_where_it_should_though_a_value_begins_and_ends_with_signs(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    facts = {"title": "(a)", "service": "(b)", "team": "(c)", "priority": "(d)", "level": "(e)"}
    facts |= {"approval.level": "(f)", "approval.by": "(g)"}
    for reader in readers(message):
        context = make(facts, language, reader, review=REVIEW._replace(cause="(h)", prevention="(i)"))
        assert "**" not in said(renderer, message, language, promising(context))


@pytest.mark.parametrize(("message", "language"), ALL)
def test_quotation_marks_are_those_of_the_language(renderer: Renderer, make: Make, message: str, language: str) -> None:
    found = re.findall('["“”„«»‘「」『』]', own_words(renderer, make, message, language))
    assert set(found) <= set(QUOTES[language])
    assert found.count(QUOTES[language][0]) == found.count(QUOTES[language][1])


@pytest.mark.parametrize(("message", "language"), [case for case in ALL if case[1] in ("zh-Hans", "ja")])
def test_signs_are_of_full_width_and_there_are_no_blanks_where_no_word_is_spaced(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    text, half = LIST_MARK.sub("", own_words(renderer, make, message, language)), "[,.?!:;()'\"]"
    assert not re.search(f"{HAN}{half}|{half}{HAN}|{FULL_WIDTH}{half}|{half}{FULL_WIDTH}", text)
    assert not re.search(f"({HAN}|{FULL_WIDTH}){BLANK}|{BLANK}({HAN}|{FULL_WIDTH})", text)
    assert not re.search("[A-Za-z]", text)


@pytest.mark.parametrize("message", sorted({message for message, _ in ALL}))
def test_french_has_no_break_before_double_signs_and_inside_quotation_marks(
    renderer: Renderer, make: Make, message: str
) -> None:
    text = own_words(renderer, make, message, "fr")
    assert not re.search(r"[^\u00a0\u202f][;!?»]|[^\u00a0\u202f]:(?=\s|$)|«[^\u00a0\u202f]", text)
    assert "'" not in text


@pytest.mark.parametrize("message", sorted({message for message, _ in ALL}))
def test_spanish_opens_what_it_closes(renderer: Renderer, make: Make, message: str) -> None:
    text = own_words(renderer, make, message, "es")
    assert not re.search("[¿?¡!]", re.sub(r"¿[^¿?¡!]+\?|¡[^¿?¡!]+!", "", text))


@pytest.mark.parametrize("language", JARGON)
@pytest.mark.parametrize("message", ["major-incident-started", "major-incident-update", "major-incident-solved"])
def test_the_teams_word_for_what_hits_many_is_kept_from_customers(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    for name, context in cases(make, message, language):
        text, audience = said(renderer, message, language, context).lower(), context["audience"]
        assert audience == "sponsor" or (JARGON[language] in text) == (audience == "team"), name


@pytest.mark.parametrize("language", GREETINGS)
def test_levels_are_for_the_team_and_no_word_to_the_requester(renderer: Renderer, make: Make, language: str) -> None:
    for name, context in cases(make, "escalated", language):
        level = str(context["ticket"]["level"])
        assert (level in said(renderer, "escalated", language, context)) == (context["audience"] == "team"), name


APPROVING = {
    "en": ("approved", "refused"),
    "nb": ("godkjent", "avslått"),
    "vi": ("đồng ý", "từ chối"),
    "zh-Hans": ("同意", "拒绝"),
    "es": ("aprobado", "rechazado"),
    "fr": ("approuvé", "refusé"),
    "de": ("genehmigt", "abgelehnt"),
    "ja": ("承認", "却下"),
    "pt-BR": ("aprovado", "recusado"),
    "ar": ("موافق", "مرفوض"),
}


@pytest.mark.parametrize("language", APPROVING)
def test_a_request_for_approval_says_with_which_words_to_answer(renderer: Renderer, make: Make, language: str) -> None:
    body = own_part(renderer.render("approval-request", language, make(FACTS, language, "team")).body)
    opened, closed = QUOTES[language]
    assert tuple(re.findall(rf"{opened}\s?([^{opened}]*?)\s?{closed}", body)[-2:]) == APPROVING[language]
    assert [verdict(word) for word in APPROVING[language]] == ["granted", "refused"]


@pytest.mark.parametrize("language", APPROVING)
@pytest.mark.parametrize("message", ["approval-request", "handed-over", "update-due", "apology", "closing-soon"])
def test_what_is_internal_is_not_told_to_the_requester(
    renderer: Renderer, make: Make, message: str, language: str
) -> None:
    facts = {**FACTS, **HANDED, "approval.level": "L77", "approval.by": "olivia"}
    text = said(renderer, message, language, warned(promising(make(facts, language)), "cause"))
    for secret in ("L77", "olivia", "cause", "symptom", "PAY-402", "started_at", *APPROVING[language]):
        assert secret not in text, secret


WAITING = {
    "vi": ("tạm chờ", "chờ nhà cung cấp", "Thời gian chờ nhà cung cấp"),
    "zh-Hans": ("等待中", "等待供应商", "等待供应商的时间"),
    "de": ("wartet", "wartet auf den externen Dienstleister", "Gewartet auf den externen Dienstleister"),
    "ja": ("回答待ち", "ベンダーの回答待ち", "ベンダーの回答待ち"),
    "ar": ("قيد الانتظار", "في انتظار المورّد", "مدة انتظار المورّد"),
    "en": ("waiting", "waiting for the supplier", "Waited for the supplier"),
    "nb": ("venter", "venter på leverandøren", "Ventet på leverandøren"),
    "es": ("en espera", "a la espera del proveedor", "Tiempo a la espera del proveedor"),
    "fr": ("mis en attente", "en attente du fournisseur", "Attente du fournisseur"),
    "pt-BR": ("em espera", "aguardando o fornecedor", "Tempo aguardando o fornecedor"),
}


@pytest.mark.parametrize("language", WAITING)
def test_a_supplier_whom_the_desk_does_not_name_is_called_so(renderer: Renderer, make: Make, language: str) -> None:
    waits, for_them, waited = WAITING[language]
    for value, words in (("", waits), ("supplier", for_them)):
        steps = tuple(one._replace(value=value) if one.kind == "waiting" else one for one in REVIEW.steps)
        context = make(FACTS, language, "team", review=REVIEW._replace(steps=steps, supplier=value))
        text = said(renderer, "post-incident-report", language, context)
        assert re.search(f"[:：] ?{words}$", text, re.MULTILINE)
        assert bool(re.search(f"{waited}{BLANK}?[:：]", text)) == bool(value)
