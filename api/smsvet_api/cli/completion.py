"""Values that a shell completes: ids of shipped rules and providers, from the names of their files."""

from __future__ import annotations

from smsvet.files.location import CONTENT
from smsvet.sms.provider import BODY


def complete_rule(incomplete: str) -> list[str]:
    """Return the ids of the shipped rules that begin with `incomplete`."""
    folder = CONTENT / "rules"
    ids = (path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml"))
    return sorted(rule_id for rule_id in ids if rule_id.startswith(incomplete))


def complete_provider(incomplete: str) -> list[str]:
    """Return the ids of the shipped providers that begin with `incomplete`."""
    ids = (path.stem for path in (CONTENT / "grammars").glob("*.yaml"))
    return sorted(provider for provider in ids if provider != BODY and provider.startswith(incomplete))
