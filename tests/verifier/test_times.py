"""Times as the standards write them."""

from datetime import UTC, datetime

import pytest

from backpack.verifier.times import date_time_stamp, has_zone, loose_time

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["2026-05-04T12:00:00Z", "2026-05-04T14:00:00+02:00", "2026-05-04T12:00:00.000Z", "2026-05-04T12:00:00"],
)
def test_a_stamp_is_one_moment_however_its_zone_is_written(written):
    assert date_time_stamp(written) == NOON


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-04",
        "2026-05-04T12:00Z",
        "04.05.2026",
        "2026-02-30T00:00:00Z",
        "soon",
        "",
        None,
        1,
        True,
        [NOON],
    ],
)
def test_anything_less_than_date_and_time_is_no_stamp(written):
    assert date_time_stamp(written) is None


def test_the_end_of_a_day_is_the_beginning_of_the_next():
    assert date_time_stamp("2026-05-03T24:00:00Z") == datetime(2026, 5, 4, tzinfo=UTC)


def test_the_last_evening_there_is_does_not_overflow():
    assert date_time_stamp("9999-12-31T23:59:59-12:00") == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-04T12:00:00Z",
        "2026-05-04T12:00Z",
        "2026-05-04 12:00",
        "2026-05-04T17:00+0500",
        "2026-05-04T17:00+05",
        "2026-05-04T12:00:00,000Z",
        1777896000,
        "1777896000",
        "1777896000.0",
        1777896000.0,
    ],
)
def test_old_badges_write_times_in_many_ways(written):
    assert loose_time(written) == NOON


@pytest.mark.parametrize("written", ["yesterday", None, True, {}, 1e18, "2026-13-01", "20260504"])
def test_not_everything_is_a_time(written):
    assert loose_time(written) is None


@pytest.mark.parametrize(
    ("written", "zoned"),
    [
        ("2026-05-04T12:00:00Z", True),
        ("2026-05-04T12:00-05", True),
        ("2026-05-04T12:00", False),
        ("2026-05-04", False),
    ],
)
def test_whether_a_zone_is_written(written, zoned):
    assert has_zone(written) is zoned


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("-0044-03-15T12:00:00Z", datetime.min.replace(tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", datetime.min.replace(tzinfo=UTC)),
        ("12026-05-04T12:00:00Z", datetime.max.replace(tzinfo=UTC)),
        ("9999-12-31T24:00:00Z", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_what_lies_beyond_all_years_that_we_can_count_is_the_first_or_the_last_moment(written, moment):
    assert date_time_stamp(written) == moment


@pytest.mark.parametrize(
    "written",
    [
        "12026-13-04T12:00:00Z",
        "2026-05-04T12:00:00+14:01",
        "2026-05-04T12:00:00+01:60",
        "\u0661\u0662\u0660\u0662\u0666-05-04T12:00:00Z",
    ],
)
def test_a_month_a_zone_or_a_digit_that_there_is_not_is_no_stamp(written):
    assert date_time_stamp(written) is None
