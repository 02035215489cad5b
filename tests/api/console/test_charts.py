"""Charts: their geometry, their labels and tables, and nothing that the content policy blocks."""

from __future__ import annotations

import itertools
import re

import pytest

from smsvet_api.console.charts.bars import bar_chart, whisker
from smsvet_api.console.charts.lines import Line, line_chart
from smsvet_api.console.rendering import environment
from smsvet_api.console.words import text
from smsvet_api.store.quality.precision import ratio_of

from .pages import HOSTILE, Markup


def words(key: str, /, **values: object) -> str:
    return text("en", key, **values)


def test_a_line_is_inside_its_frame_and_ends_at_its_greatest_value() -> None:
    chart = line_chart(["11-01", "11-02", "11-03"], [Line("arrived", "Arrived", [0, 37, 12])])
    assert chart is not None
    frame, (drawn,) = chart.frame, chart.lines
    assert [level.label for level in frame.levels] == ["0", "10", "20", "30", "40"]
    assert [label.label for label in frame.labels] == ["11-01", "11-02", "11-03"]
    assert all(frame.left < point.x < frame.right for point in drawn.points)
    heights = [point.y for point in drawn.points]
    assert heights[0] == frame.bottom
    assert heights[1] == min(heights) > 0
    assert drawn.points[1].label == "11-02 Arrived 37"


def test_a_missing_value_leaves_a_gap() -> None:
    chart = line_chart(list("abcd"), [Line("kept", "In time", [50.0, None, 100.0, 75.0])], percent=True)
    assert chart is not None
    assert chart.lines[0].path.count("M") == 2
    assert [level.label for level in chart.frame.levels] == ["0%", "25%", "50%", "75%", "100%"]
    assert [point.label for point in chart.lines[0].points] == [
        "a In time 50%",
        "c In time 100%",
        "d In time 75%",
    ]


@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_is_drawn_without_a_value(values: list[float | None]) -> None:
    assert line_chart([str(one) for one in values], [Line("kept", "x", values)]) is None
    assert bar_chart([], []) is None
    assert bar_chart(["a", "b"], [0, 0]) is None


def test_many_labels_leave_room_for_each_other() -> None:
    names = [f"{day:02} 10:00" for day in range(50)]
    chart = line_chart(names, [Line("arrived", "x", list(range(50)))])
    assert chart is not None
    places = [label.place for label in chart.frame.labels]
    assert 5 < len(places) < 15
    assert min(after - before for before, after in itertools.pairwise(places)) > 50


def test_bars_grow_with_their_values() -> None:
    chart = bar_chart(["under 1 h", "1-4 h", "over"], [1, 0, 1000])
    assert chart is not None
    small, none, large = chart.bars
    assert 0 < small.height < 2
    assert none.height == 0
    assert large.height > 100
    assert large.y > 0


def test_an_interval_lies_on_the_scale() -> None:
    mark = whisker(ratio_of(9, 140))
    assert mark is not None
    assert 0 < mark.low < mark.value < mark.high < 100
    assert whisker(ratio_of(0, 0)) is None


@pytest.mark.parametrize("name", HOSTILE)
def test_a_chart_shows_names_as_text(name: str) -> None:
    chart = line_chart([name, "b"], [Line("arrived", name, [1, 2]), Line("before", "x", [2, None])])
    columns = bar_chart([name, "b"], [3, 1])
    macros = environment().globals["charts"]
    drawn = str(macros.lines(chart, name, name, words)) + str(  # type: ignore[attr-defined]
        macros.columns(columns, name, name, name, words)  # type: ignore[attr-defined]
    )
    markup = Markup(drawn)
    known = {
        "svg", "line", "text", "path", "circle", "title", "rect", "div", "details", "summary", "table", "thead", "tbody",
        "tr", "th", "td", "ul", "li",
    }  # fmt: skip
    assert {tag for tag, _ in markup.tags} <= known
    assert not any(key == "style" or key.startswith("on") for _, attrs in markup.tags for key in attrs)
    charts = [attrs for tag, attrs in markup.tags if tag == "svg" and attrs.get("role") == "img"]
    assert [attrs["aria-label"] for attrs in charts] == [name.replace("\r\n", "\n")] * 2
    assert name in "".join(markup.text)
    assert len(re.findall("<table", drawn)) == 2


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, "–"), (47.2, "47 s"), (99, "99 s"), (600, "10 min"), (9000, "2.5 h"), (259_200, "3.0 d")],
)
def test_a_duration_has_one_unit(seconds: float | None, shown: str) -> None:
    assert str(environment().globals["charts"].duration(seconds, words)).strip() == shown  # type: ignore[attr-defined]
