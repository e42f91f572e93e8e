"""People are greeted by the name that their language uses, or by none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.names import first_name, full_name


@pytest.mark.parametrize(
    ("name", "language", "greeted"),
    [
        ("ليلى حداد", "ar", "ليلى"),
        ("عبد الرحمن السالم", "ar", "عبد الرحمن"),
        ("نور الدين زكي", "ar", "نور الدين"),
        ("أبو بكر", "ar", "أبو بكر"),
        ("Abd el Rahman Salem", "en", "Abd el Rahman"),
        ("Salem, Abdul Aziz", "", "Abdul Aziz"),
        ("Kari Nordmann", "nb", "Kari"),
        ("Kari Anne Nordmann", "nb", "Kari"),
        ("Nordmann, Kari", "nb", "Kari"),
        ("Kari", "nb", "Kari"),
        ("Anne-Lise Hagen (ekstern)", "nb", "Anne-Lise"),
        ("Nguyễn Văn Khánh", "vi", "Khánh"),
        ("Nguyễn Văn Khánh", "nb", "Khánh"),
        ("Nguyen Van Khanh", "", "Khanh"),
        ("Nguyen, Van Khanh", "", "Khanh"),
        ("Khanh Nguyen", "nb", "Khanh"),
        ("Khanh Nguyen", "vi", "Khanh"),
        ("Lê Thị Lan", "vi", "Lan"),
        ("Đặng Minh", "", "Minh"),
        ("王芳", "zh-CN", "王芳"),
        ("王芳（外包）", "zh", "王芳"),
        ("Wang Fang", "zh-CN", "Wang Fang"),
        ("Fang Wang", "zt", "Fang Wang"),
        ("Wang, Fang", "zh_CN", "Wang Fang"),
        ("svc_backup", "zh", ""),
        (",", "zh", ""),
        ("Lê Thị Lan", "vi_VN", "Lan"),
        ("María López", "es", "María"),
        ("Moreau, Camille", "fr", "Camille"),
        ("田中 太郎", "ja", "田中 太郎"),
        ("Tanaka, Taro", "ja", "Tanaka Taro"),
        ("Taro Tanaka", "ja_JP", "Taro Tanaka"),
        ("김민준", "ko", "김민준"),
        ("J. Smith", "en", ""),
        ("Dr. Ann Lee", "en", ""),
        ("kari.nordmann@harbour.example", "nb", ""),
        ("svc_backup", "", ""),
        ("Reception 2", "en", ""),
        ("", "nb", ""),
        (",", "", ""),
        ("(x)", "", ""),
    ],
)
def test_a_name_gives_this_greeting(name: str, language: str, greeted: str) -> None:
    assert first_name(name, language) == greeted


@pytest.mark.parametrize(
    ("name", "language", "greeted"),
    [
        ("Jana Vogt", "de", "Jana Vogt"),
        ("Vogt, Jana", "de", "Jana Vogt"),
        ("Vogt, Jana (extern)", "de", "Jana Vogt"),
        ("Jana", "de", "Jana"),
        ("Vogt,", "de", ""),
        ("Nguyen, Van Khanh", "de", "Nguyen Van Khanh"),
        ("Nguyễn Văn Khánh", "vi", "Nguyễn Văn Khánh"),
        ("Wang, Fang", "zh", "Wang Fang"),
        ("svc_backup", "de", ""),
        ("jana.vogt@harbour.example", "de", ""),
        ("", "de", ""),
    ],
)
def test_a_whole_name_stands_in_the_order_in_which_it_is_spoken(name: str, language: str, greeted: str) -> None:
    assert full_name(name, language) == greeted


@given(st.text(max_size=40), st.sampled_from(["", "nb", "vi", "zh-Hans"]))
def test_a_greeting_has_only_words_of_the_name(name: str, language: str) -> None:
    for greeted in (first_name(name, language), full_name(name, language)):
        assert all(word in name for word in greeted.split())
