"""Class versions as evaluation needs them, and what an organisation has set about it."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from docstore.core import conf
from docstore.retention import periods, triggers
from docstore.retention.evaluate import Rule, Settings, Step
from docstore.retention.models import ClassVersion, DisposalStep
from docstore.retention.periods import Period
from docstore.retention.vocabulary import IN_FORCE, AppliesTo, Cutoff, StepAction


def settings() -> Settings:
    """Return what this installation has chosen."""
    chosen = conf.get().retention
    return Settings(
        nearest_level=chosen.combine == "nearest",
        end_of_day=chosen.end_of_day,
        fiscal_start=chosen.fiscal_start,
        leap_day_later=chosen.leap_day_later,
    )


def rules_of(class_ids: Collection[int]) -> dict[int, tuple[Rule, ...]]:
    """Return the approved versions of each class, the first one first, in two queries."""
    rows = (
        ClassVersion.objects.filter(disposal_class__in=class_ids, status__in=IN_FORCE)
        .select_related("disposal_class__schedule")
        .prefetch_related("steps")
        .order_by("effective_from", "number")
    )
    found: dict[int, list[Rule]] = defaultdict(list)
    for row in rows:
        found[row.disposal_class_id].append(rule_of(row))
    return {key: tuple(rules) for key, rules in found.items()}


def rule_of(row: ClassVersion) -> Rule:
    """Return one class version, ready to be worked out."""
    kind = row.disposal_class
    return Rule(
        id=row.pk,
        schedule=kind.schedule.code,
        code=kind.code,
        number=row.number,
        title=kind.title,
        steps=tuple(step_of(one) for one in row.steps.all()),
        effective_from=row.effective_from,
        applies_to=AppliesTo(row.applies_to),
        guard_until=row.guard_until,
        regulatory=kind.regulatory,
        descriptive=row.descriptive,
        class_id=kind.pk,
    )


def step_of(row: DisposalStep) -> Step:
    return Step(
        order=row.order,
        action=StepAction(row.action),
        trigger=triggers.parse(row.trigger, pointer="/trigger"),
        period=_period(row.period),
        cutoff=Cutoff(row.cutoff),
        maximum=_period(row.maximum),
        statute=_period(row.statute),
    )


def with_version(rules: Mapping[int, tuple[Rule, ...]], version: ClassVersion) -> dict[int, tuple[Rule, ...]]:
    """Return the rules as they would be if a draft were in force: for its preview."""
    changed = dict(rules)
    earlier = changed.get(version.disposal_class_id, ())
    changed[version.disposal_class_id] = (*earlier, rule_of(version))
    return changed


def _period(text: str) -> Period | None:
    return periods.parse(text) if text else None
