"""What things are called: arms, comparisons, people, outcomes, moments; from the question and the vocabulary."""

from __future__ import annotations

from watwerkt import vocabulary
from watwerkt.dossier import Cell, Dossier, Effect, Outcome, Question
from watwerkt.report.words import catalogue, text

NOBODY = ("", "none", "not_now")


def instrument_name(identifier: str, lang: str) -> str:
    """The vocabulary's name of an instrument; the id itself where it has none."""
    entry = vocabulary.load("instruments").get(identifier)
    return entry.name(lang) if entry else identifier.replace("_", " ")


def arm_name(question: Question, arm: str, lang: str) -> str:
    """An arm's name for a reader: its instrument, and the arm's own name where two arms count as the same."""
    ids = {a.name: a.counts_as for a in question.arms}
    identifier = ids.get(arm, "")
    if not identifier:
        return instrument_name(arm, lang)
    name = instrument_name(identifier, lang)
    same = [other for other, i in ids.items() if i == identifier and other != question.compared_with]
    return f"{name} ({arm.replace('_', ' ')})" if len(same) > 1 else name


def compared_arm(question: Question, identifier: str) -> str:
    """The arm that a cell's ``compared_with`` stands for: its name, or the id it counts as; itself where neither."""
    names = [a.name for a in question.arms]
    by_id = {a.counts_as: a.name for a in reversed(question.arms) if a.counts_as}
    return identifier if identifier in names else by_id.get(identifier, identifier)


def is_main(question: Question, cell: Cell) -> bool:
    """Whether a cell is compared with the question's own comparison (else: with another arm)."""
    own = question.compared_with
    return cell.compared_with == own or compared_arm(question, cell.compared_with) == own


def drawn_by_lot(design: str) -> bool:
    """Whether chance decided: then the effect is that of the offer."""
    return design == "randomised"


def _way(question: Question, effect: Effect) -> str:
    """Which words a comparison takes: not_now, drawn_none, similar_none, drawn_other, similar_other."""
    if effect.cell.compared_with == "not_now":
        return "not_now"
    arm = compared_arm(question, effect.cell.compared_with)
    counts_as = {a.name: a.counts_as for a in question.arms}.get(arm, "")
    nothing = is_main(question, effect.cell) and counts_as in NOBODY
    drawn = "drawn" if drawn_by_lot(effect.design) else "similar"
    return f"{drawn}_{'none' if nothing else 'other'}"


def comparison(dossier: Dossier, effect: Effect, lang: str, form: str = "versus") -> str:
    """The comparison in words. ``form``: versus (a name), behind (dan/than), without (short), with (its opposite)."""
    question = dossier.question
    key = f"{form}.{_way(question, effect)}"
    return text(key, lang).format(
        instrument=arm_name(question, effect.arm, lang),
        other=arm_name(question, compared_arm(question, effect.cell.compared_with), lang),
        people=people(dossier, lang),
    )


def side(dossier: Dossier, arm: str, lang: str) -> str:
    """One side of a comparison behind a count: with or without, where there is one arm; else the arm's name."""
    question = dossier.question
    main = next((e for e in dossier.effects if is_main(question, e.cell)), None)
    if len(question.treatments) > 1 or main is None:
        return arm_name(question, arm, lang)
    return comparison(dossier, main, lang, "without" if arm == question.compared_with else "with")


def sizes(dossier: Dossier) -> list[tuple[str, int]]:
    """How many people stand in each arm; the comparison from an open effect where the facts do not count it."""
    counted = [(arm.arm, arm.n) for arm in dossier.facts.arms if arm.n]
    own = dossier.question.compared_with
    if own not in dict(counted):
        found = (e.n_without for e in dossier.effects if e.n_without and is_main(dossier.question, e.cell))
        counted += [(own, n) for n in [next(found, None)] if n is not None]
    return counted


def people(dossier: Dossier, lang: str) -> str:
    """Who the question is about: the source's own word, else people."""
    return getattr(dossier.question.source.people, lang) or text("people", lang)


def of_whom(dossier: Dossier, effect: Effect, lang: str) -> str:
    """The people an effect speaks of, in a sentence."""
    everyone = effect.target == "all" or (effect.target == "treated" and drawn_by_lot(effect.design))
    return people(dossier, lang) if everyone else text(f"target.{effect.target}", lang)


def outcome_name(outcome: Outcome, lang: str) -> str:
    """An outcome's short name: work, earnings, benefit, or what is measured."""
    if outcome.kind in ("measure", "number"):
        return measured(outcome, lang)
    return text(f"outcome.{outcome.kind}", lang)


def measured(outcome: Outcome, lang: str) -> str:
    """What a measurement measures."""
    name = outcome.measure or outcome.name
    return text(f"measure.{name}", lang) if f"measure.{name}" in catalogue() else name.replace("_", " ")


def subject(outcome: Outcome, lang: str, total: bool = False) -> str:
    """An outcome with its article, as the subject of a sentence."""
    stem = "subject_total" if total else "subject"
    return text(f"{stem}.{outcome.kind}", lang).format(name=outcome_name(outcome, lang))


def group_name(group: str, lang: str) -> str:
    """A group of people: "leeftijd 25–34" for age_band=25–34; "" for everyone."""
    if group == "all":
        return ""
    name, _, label = group.partition("=")
    entry = vocabulary.load("groups").get(name)
    return f"{entry.name(lang) if entry else name.replace('_', ' ')} {label.replace('_', ' ')}".strip()


def periods(number: int, period: str, lang: str) -> str:
    """Months or month, weeks or week, by number."""
    return text(f"period.{period}.{'one' if number == 1 else 'many'}", lang)


def when(dossier: Dossier, effect: Effect, lang: str) -> str:
    """The moment or the stretch of time that an effect speaks of."""
    cell, t = effect.cell, effect.cell.month
    if cell.measure == "total":
        kind = "never" if t is None else cell.period
        return text(f"when.together.{kind}", lang).format(t=t)
    if cell.measure == "mean_lock_in" and t is not None:
        first, last = lock_in(dossier, effect.arm) or (1, t)
        stem = "when.over_one" if first == last else "when.over"
        return text(f"{stem}.{cell.period}", lang).format(first=first, t=last)
    if t is None:
        return text("when.never", lang)
    return text(f"when.{cell.period}.{'one' if t == 1 else 'many'}", lang).format(t=t)


def lock_in(dossier: Dossier, arm: str) -> tuple[int, int] | None:
    """First and last period of an arm's programme, where the dossier knows it."""
    return next(((first, last) for name, first, last in dossier.facts.windows if name == arm), None)


def horizon(dossier: Dossier, effect: Effect) -> int | None:
    """The last period that was followed."""
    followed = [e.cell.month for e in dossier.effects if e.cell.month is not None]
    return effect.cell.month or dossier.question.time.horizon or max(followed, default=None)


def clock(number: int, period: str, lang: str) -> str:
    """A stretch of time as people say it: "twee jaar", "anderhalf jaar", "9 maanden", "30 weken"."""
    a_year = 12 if period == "month" else 52
    if number * 2 % a_year == 0 and f"clock.{number * 2 // a_year}" in catalogue():
        return text(f"clock.{number * 2 // a_year}", lang)
    return f"{number} {periods(number, period, lang)}"
