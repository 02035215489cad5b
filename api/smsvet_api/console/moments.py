"""Shows moments in the time of China, whatever the clock of the server or the browser is."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from ..dates import CHINA


def moment(at: datetime, form: str = "%m-%d %H:%M") -> Markup:
    """Return a `<time>` that shows month, day, hour and minute, or as the `strftime` format `form`."""
    local = at.astimezone(CHINA)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M:%S}", format(local, form)
    )


def hour(at: datetime) -> Markup:
    """Return a `<time>` that shows hour and minute."""
    return moment(at, "%H:%M")
