"""Words are counted in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet import count_chinese_letters, count_words

WORDS = [
    ("Your parcel is ready", 4),
    ("Don't wait", 2),
    ("A17 2nd floor", 1),
    ("I am", 1),
    ("您的订单已发货", 0),
    ("下载APP查看", 1),
    ("Ваш заказ отправлен", 3),
    ("नमस्ते, आपका ऑर्डर", 3),
    ("تم شحن طلبك", 3),
    ("می\u200cرسد فردا", 2),
    ("주문하신 상품이 발송되었습니다", 3),
    ("สวัสดีครับ", 2),
    ("ありがとう", 2),
    ("Café déjà vu", 3),
    ("", 0),
    ("123 456", 0),
]


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_words(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(max_size=40))
def test_a_text_twice_has_twice_the_words(text: str) -> None:
    assert count_words(f"{text}. {text}") == 2 * count_words(text)


def test_chinese_letters() -> None:
    assert count_chinese_letters("云雀Lark的かな") == 3
