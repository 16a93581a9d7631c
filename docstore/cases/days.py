"""The court's day in moments: where it begins and ends, in the courts' own zone."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q

from docstore.core.clock import COURT_ZONE


def start_of(day: date) -> datetime:
    """Return the moment at which the day begins at the courts."""
    return datetime.combine(day, time.min, tzinfo=COURT_ZONE)


def sits_on(day: date) -> Q:
    """Hearings that begin on this day."""
    return Q(starts_at__gte=start_of(day), starts_at__lt=start_of(day + timedelta(days=1)))


def day_of(moment: datetime) -> date:
    """Return the courts' civil date of a moment."""
    return moment.astimezone(COURT_ZONE).date()
