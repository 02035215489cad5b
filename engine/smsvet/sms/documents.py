"""Names of the documents that prove the right to a signature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NAMES: Mapping[str, tuple[str, str]] = {
    "business_license": ("营业执照", "business licence"),
    "organization_code": ("组织机构代码证", "organisation code certificate"),
    "credit_code": ("统一社会信用代码证", "social credit code certificate"),
    "app_backend": ("应用后台管理截图", "screenshot of the app's back office"),
    "icp_backend": ("网站备案后台截图", "screenshot of the filing service's back office"),
    "mini_program_page": ("小程序设置页截图", "screenshot of the mini program's settings"),
    "official_account_page": ("公众号设置页截图", "screenshot of the official account's settings"),
    "trademark": ("商标注册证书", "trademark certificate"),
    "authorization": ("授权委托书", "authorization letter"),
}
"""Name of each document kind in Chinese and in English. Sources: T-SDK, T-SDK19."""

LICENCES = ("business_license", "organization_code", "credit_code")
"""The documents that identify the applicant's organisation."""


def document_names(kinds: Iterable[str]) -> tuple[str, str]:
    """Return the names of documents as a Chinese and an English enumeration; an unknown kind is its own name."""
    named = [NAMES.get(kind, (kind, kind)) for kind in dict.fromkeys(kinds)]
    return "、".join(zh for zh, _ in named), ", ".join(en for _, en in named)
