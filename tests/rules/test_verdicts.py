"""A verdict is the first word of a note, in ten languages, whatever stands around it; all else is none."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.verdicts import LONGEST, SPACED, UNSPACED, WORDS, verdict

GRANTED = (
    "Approved", "approve", "Godkjent", "Godkjenner", "Đồng ý", "Phê duyệt", "批准", "同意", "已批准，请继续",
    "Aprobado", "Apruebo", "Approuvée", "J’approuve", "Genehmigt", "承認します", "承認済み", "Aprovada", "موافق",
    "تمت الموافقة",
)  # fmt: skip
REFUSED = (
    "Refused", "Rejected", "Denied", "Avslått", "Avvist", "Từ chối", "Không đồng ý", "拒绝", "不同意", "驳回",
    "Rechazado", "Refusé", "Rejetée", "Abgelehnt", "Lehne ab", "却下します", "承認できません", "Recusado", "Reprovado",
    "مرفوض",
)  # fmt: skip
NEITHER = (
    "", "   \n\t", "Not approved", "Ikke godkjent", "Approval needed", "Approve?", "Who approved",
    "同意吗", "批准申请", "同意不同意", "承認待ち", "承認をお願いします", "承認しますか", "Nicht genehmigt",
    "disapproved", "Approvedness", "Đồng ý không?", "...", "\U0001f44d", "> Approved", "{quote}Approved{quote}",
    "unrefused", "refusal", "\ud800", "\x00",
)  # fmt: skip
AROUND = (
    "{}", "*{}*", "\n\n  {}!", '"{}"', "«{}».", "<b>{}</b>", "[code]<p>{}</p>[/code]", "{{color:green}}{}{{color}}",
    "h2. {}", "- {}, go on", "[~accountid:5b10] {}", "\u2705 {}", "> who said no?\n{}", "{}\nRefused by others",
    "# {}; thanks", "{{quote}}may I?{{quote}}\n{}", "<p>{}</p><p>?</p>", "\u200f{}\u200f",
)  # fmt: skip


@pytest.mark.parametrize("text", GRANTED)
def test_granted_in_every_language(text):
    assert verdict(text) == "granted"


@pytest.mark.parametrize("text", REFUSED)
def test_refused_in_every_language(text):
    assert verdict(text) == "refused"


@pytest.mark.parametrize("text", NEITHER)
def test_what_says_neither_is_no_verdict(text):
    assert verdict(text) is None


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(("word", "found"), [("Approved", "granted"), ("Abgelehnt", "refused"), ("مرفوض", "refused")])
def test_markup_quotation_marks_and_punctuation_do_not_count(around, word, found):
    assert verdict(around.format(word)) == found


@given(
    st.sampled_from(sorted(WORDS)),
    st.sampled_from([str, str.upper, str.title]),
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from(AROUND),
)
def test_case_and_composition_do_not_count(word, cased, form, around):
    # Case is no two-way street in every word: one whose folded form comes back is enough.
    text = around.format(unicodedata.normalize(form, cased(word)))
    assert verdict(text) == WORDS[word]


@given(st.sampled_from(sorted(WORDS)), st.text(st.characters(categories=["Ll"]), min_size=1, max_size=5))
def test_a_longer_word_is_another_word(word, more):
    longer = word + more
    expected = next((WORDS[one] for one in _heads(longer.casefold()) if one in WORDS), None)  # ſ is an s
    assert verdict(longer) == expected


def _heads(text):
    words = unicodedata.normalize("NFC", text).split()
    return [" ".join(words[:count]) for count in range(min(len(words), LONGEST), 0, -1)]


@given(st.text(max_size=300))
def test_any_text_has_a_verdict_or_none_and_nothing_breaks(text):
    assert verdict(text) in ("granted", "refused", None)


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=20), st.sampled_from(GRANTED))
def test_a_verdict_in_the_middle_is_none(first, word):
    if verdict(f"{first} x") is None:
        assert verdict(f"{first} x {word}") is None


def test_no_word_is_both():
    for words in (SPACED, UNSPACED):
        granted, refused = ({one.strip() for one in words[found].split(",")} for found in ("granted", "refused"))
        assert not granted & refused
        assert "" not in granted | refused
