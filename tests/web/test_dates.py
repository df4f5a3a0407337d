"""Days and times in words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from web import dates

AT = datetime(2026, 3, 14, 9, 2, 5, tzinfo=UTC)


def test_days_months_and_moments_say_themselves_to_programs_too() -> None:
    assert dates.day(AT) == '<time datetime="2026-03-14">14 March 2026</time>'
    assert dates.month(AT) == '<time datetime="2026-03">March 2026</time>'
    assert dates.moment(AT) == '<time datetime="2026-03-14T09:02:05Z">14 March 2026, 09:02 UTC</time>'


def test_a_time_of_another_zone_is_told_in_utc() -> None:
    late = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert "31 December 2025" in dates.day(late)


@pytest.mark.parametrize("how", [dates.day, dates.month, dates.moment, dates.ago, dates.coming])
def test_no_date_says_nothing(how: object) -> None:
    assert how(None) == ""  # type: ignore[operator]


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=2), "2 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=29), "29 days ago"),
    ],
)
def test_what_was_lately_is_told_by_its_age(gone: timedelta, says: str) -> None:
    assert f">{says}<" in dates.ago(AT - gone, AT)


def test_what_was_long_ago_is_told_by_its_day() -> None:
    assert dates.ago(AT - timedelta(days=30), AT).startswith("on <time")


@pytest.mark.parametrize(
    ("left", "says"),
    [
        (timedelta(seconds=-5), "in a moment"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(days=1), "in 1 day"),
    ],
)
def test_what_comes_soon_is_told_by_its_distance(left: timedelta, says: str) -> None:
    assert f">{says}<" in dates.coming(AT + left, AT)


def test_dates_in_a_sentence_do_not_break() -> None:
    told = dates.dated("From 14 March 2026 to 3 May 2029 <b>.")
    assert told.count("<time") == 2
    assert '<time datetime="2026-03-14">14 March 2026</time>' in told
    assert "&lt;b&gt;" in told


@pytest.mark.parametrize("gone", [0, 59, 60, 61, 3599, 3600, 86_399, 86_400, 2_000_000])
def test_an_age_is_steady_until_its_words_change(gone: int) -> None:
    at = AT + timedelta(seconds=gone)
    until = dates.steady_until(AT, at)
    assert dates.ago(AT, until - timedelta(seconds=1)) == dates.ago(AT, at)
    assert dates.ago(AT, until) != dates.ago(AT, at)
