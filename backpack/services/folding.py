"""One card for one achievement: renewals and the same award in other versions lie folded under one badge.

Only what is the earner's own and may be genuine is folded; what stands on top is the best that can be said
today. Nothing else follows from it: a folded badge keeps its page, its checks, its links and its collections.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import and_, bindparam, inspect, or_, update
from sqlmodel import Session, col, select

from ..errors import Missing
from ..storage.database import lock, locks_rows
from ..storage.tables import Badge, Earner
from .finding import folded

BEST_FIRST = ("verified", "unconfirmed", "not_yet_valid", "expired", "suspended", "revoked")
"""What may be folded, in the order in which it stands on top. What fails its checks stays in sight."""
SAME_MOMENT = timedelta(days=1)
MOST_ALIKE = 12
"""Achievements of one name at one issuer; where there are more, their ids alone tell them apart."""

KEYS = ("award_key", "achievement_id", "achievement_key")
"""The columns by which badges are known to be alike."""
_COLUMNS = inspect(Badge).columns
_MINE = _COLUMNS.earner_id == bindparam("earner")
_IS_ALIKE = or_(
    # Whose they are is said in each part, or SQLite would look through all of the earner's badges.
    and_(_MINE, _COLUMNS.id == bindparam("badge")),
    *(and_(_MINE, _COLUMNS[name].in_(bindparam(name, expanding=True))) for name in KEYS),
)
_ALIKE = select(Badge).where(_IS_ALIKE).order_by(_COLUMNS.id).execution_options(populate_existing=True)
_ALIKE_IDS = select(_COLUMNS.id).where(_IS_ALIKE)
_NEVER, _ALWAYS = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


class Known(Protocol):
    """What tells which award and achievement something is of: a badge, or the facts just read of it."""

    @property
    def award_key(self) -> str: ...
    @property
    def achievement_id(self) -> str: ...
    @property
    def achievement_key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Fold:
    """What lies under a badge: other awards of the same achievement, and the same award once more."""

    awards: tuple[Badge, ...] = ()
    """The other awards, the latest first."""
    count: int = 0
    """How many awards these are: one may be there in two versions."""
    twins: tuple[Badge, ...] = ()
    is_latest: bool = True
    """Whether the badge on top is the latest award."""

    @property
    def badges(self) -> tuple[Badge, ...]:
        """All of them."""
        return self.twins + self.awards


def hold(db: Session, badge: Badge, *also: Known) -> None:
    """Before a badge is changed and ``fold`` is called: nobody else folds for this earner until the commit.

    The rows are locked in one order, so that two workers wait for each other and never both.
    """
    lock(db, Earner, badge.earner_id)
    if locks_rows(db):
        _alike(db, badge, also, lock=True)


def fold(db: Session, badge: Badge, *also: Known) -> None:
    """Decide anew what lies under what, for this badge and everything that is like it; the caller commits.

    ``also`` is what the badge is known by since, or was before. The same badges always end up the same.
    """
    if badge.folded_under is None and _is_alone(db, badge, also):
        return
    alike = _alike(db, badge, also)
    under: dict[int, int | None] = dict.fromkeys(one.id for one in alike) | dict(_placed(alike))
    for one in alike:
        if one.folded_under != under[one.id]:
            moved = update(Badge).where(col(Badge.id) == one.id).values(folded_under=under[one.id])
            db.execute(moved.execution_options(synchronize_session=False))
            db.expire(one, ["folded_under"])


def folds(db: Session, badges: Iterable[Badge]) -> dict[int, Fold]:
    """What lies under each of these badges, by the badge's id; those with nothing under them are left out."""
    tops = {badge.id: badge for badge in badges}
    chosen = select(Badge).where(col(Badge.folded_under).in_(list(tops))).order_by(col(Badge.id))
    found = sorted(db.exec(chosen), key=lambda one: one.folded_under or 0)
    return {
        number: _fold(tops[number], list(under))
        for number, under in groupby(found, key=lambda one: one.folded_under or 0)
    }


def top_of(db: Session, badge: Badge) -> Badge | None:
    """The badge on whose card this one lies, or None."""
    return db.get(Badge, badge.folded_under) if badge.folded_under else None


def apart(db: Session, badge: Badge) -> list[Badge]:
    """The badges that would share this one's card, had the earner not asked to show them separately."""
    mine = next((group for group in groups(_alike(db, badge, ())) if badge in group), [])
    others = [one for one in mine if one.id != badge.id and _is_in_sight(one)]
    return [one for one in others if one.stands_alone or badge.stands_alone]


def show_separately(db: Session, earner: Earner, public_id: str) -> None:
    """Unfold a card: what lies under this badge, or this badge itself when it is one of those."""
    badge = _mine(db, earner, public_id)
    hold(db, badge)
    under = list(db.exec(select(Badge.id).where(Badge.folded_under == badge.id)))
    _let_stand(db, under or [badge.id], alone=True)
    fold(db, badge)
    db.commit()


def put_together(db: Session, earner: Earner, public_id: str) -> None:
    """Fold again what was shown separately: this badge and all that are like it."""
    badge = _mine(db, earner, public_id)
    hold(db, badge)
    _let_stand(db, [badge.id, *(one.id for one in apart(db, badge))], alone=False)
    fold(db, badge)
    db.commit()


def newer_than(db: Session, badge: Badge) -> list[int]:
    """The ids of later awards on the card of a badge that is folded, those that are shown to be awards."""
    if badge.folded_under is None:
        return []
    card = or_(col(Badge.id) == badge.folded_under, col(Badge.folded_under) == badge.folded_under)
    # An issuer may have written the last day that there is: no day follows it.
    since = col(Badge.issued_at) > min(badge.issued_at or _NEVER, _ALWAYS) + SAME_MOMENT
    chosen = select(Badge.id).where(card, since, Badge.verdict == "verified")
    return list(db.exec(chosen.order_by(col(Badge.issued_at).desc())))


def groups(badges: Iterable[Badge]) -> list[list[Badge]]:
    """Badges that are of one achievement, together; what cannot be folded is left out.

    Equal ids tell so, under one title, and so does one award. Ids often change with the
    version: then name and issuer tell, as long as there is just one of each to be taken for the other.
    """
    foldable = sorted(filter(_can_be_folded, badges), key=lambda badge: badge.id)
    cards = _joined(foldable, {})
    by_name: dict[str, list[list[Badge]]] = {}
    for card in cards:
        for name in {badge.achievement_key for badge in card if badge.achievement_key}:
            by_name.setdefault(name, []).append(card)
    pairs = [pair for alike in by_name.values() if len(alike) <= MOST_ALIKE for pair in _pairs(alike)]
    also: dict[int, list[str]] = {}
    for number, pair in enumerate(pairs):
        for card in pair:
            also.setdefault(card[0].id, []).append(f"pair {number}")
    return _joined(foldable, also) if pairs else cards


def awards(badges: Iterable[Badge]) -> list[list[Badge]]:
    """Badges of one achievement by award, the latest first: of one moment, or with one award's address."""
    found: list[list[Badge]] = []
    for badge in sorted(badges, key=lambda one: (one.issued_at or _NEVER, one.id), reverse=True):
        same = next((award for award in found if any(_is_same_award(one, badge) for one in award)), None)
        found.append([badge]) if same is None else same.append(badge)
    return found


def _can_be_folded(badge: Badge) -> bool:
    return badge.offered_at is None and bool(badge.matched) and badge.verdict in BEST_FIRST


def _is_in_sight(badge: Badge) -> bool:
    """What was put away still tells which badges are one, but lies on no card."""
    return badge.hidden_at is None and badge.deleted_at is None


def _joined(badges: Iterable[Badge], also: dict[int, list[str]]) -> list[list[Badge]]:
    """Those that share a key, whether directly or by way of others; ``also`` are further keys by badge."""
    card_of: dict[str, list[Badge]] = {}
    for badge in badges:
        keys = [*_known_by(badge), *also.get(badge.id, ())]
        met = _distinct(card_of[key] for key in keys if key in card_of) or [[]]
        card = met[0]
        for other in met[1:]:
            card += other
            card_of |= {key: card for key, known in card_of.items() if known is other}
        card.append(badge)
        card_of |= dict.fromkeys(keys, card)
    return _distinct(card_of.values())


def _known_by(badge: Badge) -> list[str]:
    """Its keys, with its title: an issuer that puts another title to an old id means something else by it."""
    by_id = badge.achievement_id or badge.achievement_key
    title = folded(badge.title)
    return [f"{key} {title}" for key in (by_id, badge.award_key) if key] or [str(badge.id)]


def _distinct(cards: Iterable[list[Badge]]) -> list[list[Badge]]:
    return list({id(card): card for card in cards}.values())


def _pairs(alike: list[list[Badge]]) -> Iterator[tuple[list[Badge], list[Badge]]]:
    """Of cards with one name those that can only be taken for each other."""
    partners = [
        [i for i, two in enumerate(alike) if two is not one and _may_be_one(one, two)] for one in alike
    ]
    for place, found in enumerate(partners):
        if len(found) == 1 and partners[found[0]] == [place] and place < found[0]:
            yield alike[place], alike[found[0]]


def _may_be_one(one: list[Badge], two: list[Badge]) -> bool:
    """Whether different ids may still mean one achievement: another version has its own, or one has none."""
    kinds = [{badge.achievement_id.partition(":")[0] for badge in card} for card in (one, two)]
    in_other_versions = not {_generation(b) for b in one} & {_generation(b) for b in two}
    if kinds[0] & kinds[1]:
        return in_other_versions and any(_is_same_award(a, b) for a in one for b in two)
    return in_other_versions or not all(kind <= {"web", "name"} for kind in kinds)


def _is_same_award(one: Badge, other: Badge) -> bool:
    if one.award_key and one.award_key == other.award_key:
        return True
    if one.issued_at is None or other.issued_at is None:
        return one.issued_at is other.issued_at
    return abs(one.issued_at - other.issued_at) <= SAME_MOMENT


def _generation(badge: Badge) -> int:
    return 3 if badge.version in ("3.0", "clr2.0", "vc") else 2 if badge.version == "2.0" else 1


def _placed(badges: Iterable[Badge]) -> Iterator[tuple[int, int | None]]:
    """Under which badge each one lies: the best verdict, the award that is valid longest, the newest version."""
    for group in groups(badges):
        card = [badge for badge in group if _is_in_sight(badge) and not badge.stands_alone]
        rank: dict[int, Any] = {}
        for place, award in enumerate(awards(card)):
            until = max(badge.expires_at or _ALWAYS for badge in award)
            for badge in award:
                verdict = BEST_FIRST.index(badge.verdict)
                rank[badge.id] = (-verdict, until, -place, _generation(badge), -badge.id)
        top = max(rank, key=lambda number: rank[number], default=None)
        for badge in card:
            yield badge.id, None if badge.id == top else top


def _fold(top: Badge, under: list[Badge]) -> Fold:
    by_award = awards([top, *under])
    own = next(award for award in by_award if top in award)
    others = [award for award in by_award if award is not own]
    return Fold(
        awards=tuple(badge for award in others for badge in award),
        count=len(others),
        twins=tuple(badge for badge in own if badge is not top),
        is_latest=by_award[0] is own,
    )


def _is_alone(db: Session, badge: Badge, also: Iterable[Known]) -> bool:
    """Whether nothing else is known by what this badge is known by: so it is with nearly every new one."""
    keys: dict[str, set[str]] = {name: set() for name in KEYS}
    _learn(keys, (badge, *also))
    return list(db.execute(_ALIKE_IDS, _asked(badge, keys)).scalars()) == [badge.id]


def _alike(db: Session, badge: Badge, also: Iterable[Known], *, lock: bool = False) -> list[Badge]:
    """The badge, and all of this earner's that are known by what it is known by, and again by what those are."""
    keys: dict[str, set[str]] = {name: set() for name in KEYS}
    _learn(keys, (badge, *also))
    count = -1
    while True:
        chosen = _ALIKE.with_for_update() if lock else _ALIKE
        found = list(db.execute(chosen, _asked(badge, keys)).scalars())
        if len(found) == count or not _learn(keys, found):
            return found
        count = len(found)


def _asked(badge: Badge, keys: dict[str, set[str]]) -> dict[str, Any]:
    """What the statements are run with. Nothing is known by None."""
    known: dict[str, Any] = {name: list(some) or [None] for name, some in keys.items()}
    return {"earner": badge.earner_id, "badge": badge.id, **known}


def _learn(keys: dict[str, set[str]], known: Iterable[Known]) -> bool:
    """Add what these are known by; whether there was anything new in it."""
    before = sum(map(len, keys.values()))
    for one in known:
        for name in KEYS:
            keys[name] |= {getattr(one, name)} - {""}
    return sum(map(len, keys.values())) > before


def _mine(db: Session, earner: Earner, public_id: str) -> Badge:
    found = db.exec(select(Badge).where(Badge.earner_id == earner.id, Badge.public_id == public_id)).first()
    if found is None or found.deleted_at is not None:
        raise Missing("There is no such badge in your backpack.")
    return found


def _let_stand(db: Session, numbers: list[int], *, alone: bool) -> None:
    chosen = update(Badge).where(col(Badge.id).in_(numbers)).values(stands_alone=alone)
    db.execute(chosen.execution_options(synchronize_session=False))
