"""Documents whose format or size the provider does not accept."""

from collections.abc import Iterator

from smsvet import Document, Hit, document_names

MEGABYTE = 1024 * 1024
TAKEN: dict[str, tuple[tuple[str, ...], int]] = {
    "tencent": (("jpg", "jpeg", "png"), 5),
    "ucloud": (("jpg", "jpeg", "png", "pdf"), 4),
    "aliyun": ((), 2),
}
"""Provider -> accepted formats (empty: any) and maximum size in megabytes. Source: T-SIG, U-SIG, A-ADDSIGN."""


def check(document: Document) -> Iterator[Hit]:
    """Yield each document with another format or a larger size."""
    formats, most = TAKEN.get(document.provider.id, ((), 0))
    if not most:
        return
    wanted = f"{'、'.join(formats)} 格式、不超过 {most} MB" if formats else f"不超过 {most} MB"
    wanted_en = f"{', '.join(formats)}, at most {most} MB" if formats else f"at most {most} MB"
    for proof in document.submission.documents or ():
        kind, kind_en = document_names([proof.kind])
        words = {"kind": kind, "kind_en": kind_en, "wanted": wanted, "wanted_en": wanted_en}
        form = (proof.format or "").lower().rpartition("/")[2].lstrip(".")
        if form and formats and form not in formats:
            yield Hit(
                None,
                {
                    **words,
                    "problem": f"的格式 {form} 不受支持",
                    "problem_en": f"has the unsupported format {form}",
                },
            )
        if proof.bytes is not None and proof.bytes > most * MEGABYTE:
            size = f"{proof.bytes / MEGABYTE:.1f} MB"
            yield Hit(
                None,
                {**words, "problem": f"有 {size}，过大", "problem_en": f"is {size}, over the limit"},
            )
