"""Addresses that look like those of a bank, carrier, platform or public body, and are not."""

from collections.abc import Iterator

from smsvet import Document, Hit, Text


def check(document: Document) -> Iterator[Hit]:
    """Yield each such address; a certain hit if the text also names the institution that it imitates.

    An address below one of the account's registered domains, and one of the institution's own account, is left to
    the rule on registered domains.
    """
    account = document.submission.account
    company = document.names.company(account.name).name if account and account.name else ""
    own = tuple(domain.lower().strip(". ") for domain in account.icp_domains) if account else ()
    named: set[str] | None = None
    sent = [text for name, text in document.texts.items() if name != "remark"]
    for link in (link for text in sent for link in text.links):
        found = document.names.hosts.look_alike(link.host)
        if found is None or any(owner in company for owner in found.owners):
            continue
        if named is None:
            content = "\n".join(words_of(text) for text in sent)
            named = {item.owner for item in document.names.protected.values() if item.name in content}
        is_named = bool(found.owners & named)
        is_own = any(link.host == domain or link.host.endswith(f".{domain}") for domain in own if domain)
        if is_own and not is_named:
            continue
        if found.how == "inside" or is_named:
            words = {"host": link.host, "official": found.official}
            yield Hit(link.span, words, possible=found.how == "part" or not is_named)
        elif found.how == "word" and not found.brief:
            yield Hit(link.span, {"host": link.host, "official": found.official}, possible=True)


def words_of(text: Text) -> str:
    """Return a normalised text without its addresses."""
    words = text.folded
    for link in text.links:
        words = words.replace(link.text.lower(), "\n")
    return words
