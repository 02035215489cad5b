"""Counts the items of a comparison: transitions, groups, the rules that moved items, and agreement with people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from .distinct import Distinct, Frequent
from .joining import Pairs
from .moved import Moved
from .transitions import Grouped, Matrix

GROUPS: Final = ("provider", "purpose", "account")
SETS: Final = 10_000
"""Sets of rules that are counted at once."""


@dataclass(slots=True)
class RuleMoves:
    """The items that a rule moved.

    `involved` counts the items that it moved, by itself or with others, `responsible` those where it is the single responsible
    rule, and `alone` those that would not have moved without it. `moves` are the moves where it is responsible.
    """

    involved: int = 0
    responsible: int = 0
    alone: int = 0
    moves: Counter[tuple[int, int]] = field(default_factory=Counter)
    wordings: Distinct = field(default_factory=lambda: Distinct(1024))

    def add(self, item: Moved, rule: str) -> None:
        """Count an item."""
        self.involved += 1
        self.wordings.add(item.skeleton)
        if item.why.rule == rule:
            self.responsible += 1
            self.alone += item.why.alone
            self.moves[item.old, item.new] += 1


@dataclass(slots=True)
class Tally:
    """All counts of a comparison. Rows with an error on either side are in `errors` and in no matrix."""

    overall: Matrix = field(default_factory=Matrix)
    groups: dict[str, Grouped] = field(default_factory=lambda: {name: Grouped() for name in GROUPS})
    rules: dict[str, RuleMoves] = field(default_factory=dict)
    several: Frequent[tuple[str, ...]] = field(default_factory=lambda: Frequent(SETS))
    """Sets of rules that share the responsibility."""
    shared: int = 0
    unexplained: int = 0
    errors: int = 0
    grandfathered: int = 0
    wordings: Distinct = field(default_factory=Distinct)
    entering: Distinct = field(default_factory=Distinct)
    """Wordings of the items that are new for manual review."""
    flagged: dict[str, Matrix] = field(default_factory=dict)
    """Rule -> decision of the old side and of the new, over all items that the rule flags on the new side."""

    @property
    def both(self) -> int:
        """Return the number of items that both sides have, rows with an error included."""
        return self.overall.total + self.errors

    def add_pairs(self, pairs: Pairs) -> None:
        """Count the items of both sides by their decisions."""
        import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it
        import pyarrow.compute  # noqa: PLC0415

        pc: Any = pyarrow.compute  # its functions are made when it is imported
        new = pairs.new.side
        table = pa.table(
            {
                "old": pairs.old.side["decision"],
                "new": new["decision"],
                **{name: new[name] for name in (*GROUPS, "grandfathered")},
            }
        )
        good = table.filter(pc.and_(pc.is_valid(table["old"]), pc.is_valid(table["new"])))
        self.errors += table.num_rows - good.num_rows
        self.grandfathered += pc.sum(good["grandfathered"]).as_py() or 0
        for one in _grouped(good, ["old", "new"]):
            self.overall.add(one["old"], one["new"], one["items"])
        for name, grouped in self.groups.items():
            for one in _grouped(good, [name, "old", "new"]):
                grouped.add(one[name], one["old"], one["new"], one["items"])

    def add_flagged(self, pairs: Pairs) -> None:
        """Count the items of each rule on the new side by the decision of the old side."""
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute  # noqa: PLC0415

        pc: Any = pyarrow.compute
        rules = pairs.new.side["rules"].combine_chunks()
        parents = pc.list_parent_indices(rules)
        table = pa.table(
            {
                "item": parents,
                "rule": pc.struct_field(pc.list_flatten(rules), "rule"),
                "old": pairs.old.side["decision"].take(parents),
                "new": pairs.new.side["decision"].take(parents),
            }
        )
        table = table.filter(pc.and_(pc.is_valid(table["old"]), pc.is_valid(table["new"])))
        once = table.group_by(["item", "rule", "old", "new"]).aggregate([])
        for one in _grouped(once, ["rule", "old", "new"]):
            self.flagged.setdefault(one["rule"], Matrix()).add(one["old"], one["new"], one["items"])

    def add_moved(self, items: Iterable[Moved]) -> None:
        """Count moved items by rule."""
        for item in items:
            self.wordings.add(item.skeleton)
            if item.new == 1:
                self.entering.add(item.skeleton)
            for rule in item.why.rules:
                self.rules.setdefault(rule, RuleMoves()).add(item, rule)
            if item.why.rule is None:
                if item.why.rules:
                    self.shared += 1
                    self.several.add(item.why.rules)
                else:
                    self.unexplained += 1

    def by_items(self) -> list[tuple[str, RuleMoves]]:
        """Return the rules by the items that they moved."""
        return sorted(self.rules.items(), key=lambda one: (-one[1].responsible, -one[1].involved, one[0]))


def _grouped(table: Any, names: list[str]) -> list[dict[str, Any]]:
    counts = table.group_by(names).aggregate([([], "count_all")]).rename_columns([*names, "items"])
    rows: list[dict[str, Any]] = counts.to_pylist()
    return rows
