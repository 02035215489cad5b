"""Documents of a kind that does not prove the source of the signature."""

from collections.abc import Iterator

from smsvet import LICENCES, Document, Hit, document_names

PROOFS: dict[str, tuple[str, ...]] = {
    "company": LICENCES,
    "app": (*LICENCES, "app_backend"),
    "website": (*LICENCES, "icp_backend"),
    "official_account": (*LICENCES, "official_account_page", "mini_program_page"),
    "mini_program": (*LICENCES, "mini_program_page", "official_account_page"),
    "trademark": ("trademark",),
    "government": ("organization_code", "credit_code"),
}
"""Source -> documents that prove it, in the vendor interface of 2018 to 2024 (T-SDK)."""

NEWER: dict[str, tuple[str, ...]] = {"company": ("business_license",)}
"""Sources with fewer accepted documents in the interface from 2025 on (T-SDK19)."""

NAMES = {
    "company": ("公司", "a company"),
    "app": ("APP", "an app"),
    "website": ("网站", "a website"),
    "official_account": ("公众号", "an official account"),
    "mini_program": ("小程序", "a mini program"),
    "trademark": ("商标", "a trademark"),
    "government": ("政府机关或事业单位", "a public body"),
}


def check(document: Document) -> Iterator[Hit]:
    """Yield one hit if documents were supplied and none of them proves the source."""
    submission = document.submission
    source, profile = submission.source or "", document.provider.profile(document.as_of)
    if source not in PROOFS:
        return
    wanted = NEWER.get(source, PROOFS[source]) if profile == "25" else PROOFS[source]
    given = [proof.kind for proof in submission.documents or () if proof.kind != "authorization"]
    if not submission.documents:
        # From 2025 on, `signature/qualification` already requires documents.
        if profile in ("18", "21") and submission.usage == "own":
            yield Hit(None, missing="documents")
    elif given and not set(given) & set(wanted):
        zh, en = NAMES[source]
        (found, found_en), (required, required_en) = document_names(given), document_names(wanted)
        words = {"source": zh, "source_en": en, "given": found, "given_en": found_en}
        yield Hit(None, {**words, "wanted": required, "wanted_en": required_en})
