"""What every chart over time shares: title, grid, zero, time, the programme, how many were followed, the watermark."""

from __future__ import annotations

from collections.abc import Iterator

from watwerkt.report import names
from watwerkt.report.charts.canvas import line, rect, text, wide_of
from watwerkt.report.charts.drawing import Drawing, month
from watwerkt.report.charts.frame import Box, Places
from watwerkt.report.numbers import count
from watwerkt.report.words import text as word


def axes(d: Drawing) -> Iterator[str]:
    """Title, grid, zero line and time axis."""
    f = d.frame
    yield from _title(d)
    for value in d.ticks:
        y = f.y(float(value))
        if value:
            yield line("grid", (f.left, y), (f.right, y))
        yield text("c-s", (f.left - 8, y + 4.5), d.tick(value), "end")
    yield line("zero", (f.left, f.y(0)), (f.right, f.y(0)))
    yield from time_axis(d)
    yield from followed(d)


def moments(d: Drawing) -> tuple[int, ...]:
    """The periods that have a tick: whole years where the path is long, else a few even steps."""
    last, a_year = month(d.effects[-1]), 12 if d.unit.period == "month" else 52
    if last >= 2 * a_year:
        step = a_year * max(1, round(last / a_year / 5))
    else:
        step = next((s for s in (1, 2, 3, 6, 13, 26) if last / s <= 6), a_year)
    marks = [*range(0, last + 1, step)]
    if last - marks[-1] > step * 0.4:
        marks.append(last)
    return tuple(marks)


def moment_name(d: Drawing, t: int, last: int) -> str:
    """A moment under the axis: the start, "1 jaar", or a bare number but for the last one."""
    if t == 0:
        return d.start
    a_year = 12 if d.unit.period == "month" else 52
    years = t % a_year == 0 and last >= 2 * a_year
    number = t // a_year if years else t
    if d.narrow and t != last:
        return str(number)
    if years:
        return word("axis.years.one" if number == 1 else "axis.years.many", d.lang).format(t=number)
    return f"{number} {names.periods(number, d.unit.period, d.lang)}" if t == last else str(number)


def _title(d: Drawing) -> Iterator[str]:
    for i, words in enumerate(d.title):
        yield text("c-t", (0 if d.narrow else d.frame.left, 13 + 17 * i), words)


def time_axis(d: Drawing, titled: bool = False) -> Iterator[str]:
    """Moments under the plot; with ``titled`` the title too, for a picture without values."""
    f, marks = d.frame, moments(d)
    if titled:
        yield from _title(d)
    for t in marks:
        x = f.x(t)
        anchor = "start" if t == 0 else "end" if d.narrow and t == marks[-1] else "middle"
        yield line("lead-line", (x, f.bottom), (x, f.bottom + 5))
        yield text("c-t", (x, f.bottom + 22), moment_name(d, t, marks[-1]), anchor)


def followed(d: Drawing) -> Iterator[str]:
    """How many people stand behind the path, under the ticks."""
    if d.levels or d.is_total or not d.opened:
        return
    f, marks = d.frame, moments(d)
    people = names.people(d.look.dossier, d.lang)
    yield text("c-s", (f.left, f.bottom + 42), word("axis.followed", d.lang).format(people=people))
    shown = marks if not d.narrow else (marks[0], marks[len(marks) // 2], marks[-1])
    for t in dict.fromkeys(shown):
        nearest = min(d.opened, key=lambda e: abs(month(e) - t))
        n = (nearest.n or 0) + (nearest.n_without or 0)
        anchor = "start" if t == 0 else "end" if d.narrow and t == marks[-1] else "middle"
        yield text("c-s", (f.x(t), f.bottom + 60), count(n, d.lang), anchor)


def _window(d: Drawing) -> tuple[float, float] | None:
    """Left and right of the programme in pixels, where the dossier knows it."""
    window = names.lock_in(d.look.dossier, d.look.arm)
    return None if window is None else (d.frame.x(0), min(d.frame.x(window[1]), d.frame.right))


def during(d: Drawing) -> Iterator[str]:
    """The window in which participants are busy with the programme, behind everything else."""
    window, f = _window(d), d.frame
    if window:
        left, right = window
        yield rect("during", (left, f.top), right - left, f.bottom - f.top)
        yield line("during-edge", (right, f.top), (right, f.bottom))


def during_name(d: Drawing, places: Places) -> Iterator[str]:
    """What that window is, inside it or beside it."""
    window, f = _window(d), d.frame
    if window is None:
        return
    words = word("during", d.lang)
    width = wide_of(words, 13)
    room = window[1] - window[0] >= width + 12
    x = window[0] + 6 if room else window[1] + 6
    for y in (f.top + 15, f.bottom - 6, f.top + 33, f.bottom - 24):
        box = Box(x, y - 12, x + width + (0 if room else 16), y + 3)
        if places.free(box):
            places.take(box)
            yield text("c-s halo" if not room else "c-s", (x, y), words if room else f"← {words}")
            return


def invented(d: Drawing, places: Places) -> Iterator[str]:
    """The word that no copy of the picture loses, on the side of the zero line that has room."""
    if not d.look.dossier.synthetic:
        return
    words, f = word("invented.mark", d.lang), d.frame
    below = f.range[1] + f.range[0] < 0
    order = (f.bottom - 6, f.top + 10) if not below else (f.top + 10, f.bottom - 6)
    width = wide_of(words, 12) + 4  # letters are set apart
    for y in order:
        for right in (f.right - 2, f.left + width + 8, (f.left + f.right) / 2):
            box = Box(right - width, y - 9, right, y + 2)
            if places.free(box):
                places.take(box)
                yield text("fake", (right, y), words, "end")
                return
    yield text("fake", (f.right, f.bottom + 38), words, "end")
