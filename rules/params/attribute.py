"""Values that do not fit the declared attribute of their variable."""

from collections.abc import Iterator

from smsvet import Document, Hit, attribute_named, fillings


def check(document: Document) -> Iterator[Hit]:
    """Yield each value that does not fit its attribute; `params/length` covers lengths."""
    coded = document.provider.limit("otp_digits", document.as_of) is not None
    for one in fillings(document):
        attribute = attribute_named(one.attribute, document.provider.id) if one.attribute else None
        if attribute is None or not one.value.strip() or (coded and "验证码" in attribute.zh):
            continue
        simplified = attribute.names[0] != "name" or not document.folder.is_traditional(one.value)
        if not attribute.fits(one.value) or not simplified:
            words = {"attribute": attribute.zh, "attribute_en": attribute.en, "key": one.key}
            yield Hit(one.span, {**words, "rule": attribute.rule_zh, "rule_en": attribute.rule_en})
