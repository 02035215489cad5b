"""Pages for those who are signed in."""

from __future__ import annotations

from .signed_in import Console


def test_a_session_of_a_test_sees_its_pages(console: Console) -> None:
    lin = console.browser("reviewer", "lin")
    assert "lin" in lin.get("/try").text
    verdict = console.submit("您的验证码为{1}，{2}分钟内有效。", purpose="verification").json()
    assert verdict["verdict"]["decision"] in ("approve", "manual_review")
    assert lin.get("/nowhere").status_code == 404
