"""What the JSON API takes and gives: one model a shape, each with an example that the documentation shows.

What comes in forbids fields it does not know: a misspelt ``expire_at`` must not make a link that never ends.
"""

from .addresses import ADDRESS, Address, Addresses, NewAddress
from .badges import (
    ARRIVAL,
    BADGE,
    LISTED_BADGE,
    REPORT,
    Arrival,
    Badge,
    BadgeChanges,
    BadgePage,
    Bring,
    History,
    ListedBadge,
    Report,
    Written,
)
from .collections import (
    COLLECTION,
    PLACE,
    PLACED,
    Collection,
    CollectionChanges,
    Collections,
    ListedCollection,
    NewCollection,
    Place,
    Placed,
)
from .common import ADDRESS_ID, ARRIVAL_ID, BADGE_ID, COLLECTION_ID, SHARE_ID, Id, Problem, Text
from .shares import EMBED, SHARE, NewShare, Share, Shares

__all__ = [
    "ADDRESS",
    "ADDRESS_ID",
    "ARRIVAL",
    "ARRIVAL_ID",
    "BADGE",
    "BADGE_ID",
    "COLLECTION",
    "COLLECTION_ID",
    "EMBED",
    "LISTED_BADGE",
    "PLACE",
    "PLACED",
    "REPORT",
    "SHARE",
    "SHARE_ID",
    "Address",
    "Addresses",
    "Arrival",
    "Badge",
    "BadgeChanges",
    "BadgePage",
    "Bring",
    "Collection",
    "CollectionChanges",
    "Collections",
    "History",
    "Id",
    "ListedBadge",
    "ListedCollection",
    "NewAddress",
    "NewCollection",
    "NewShare",
    "Place",
    "Placed",
    "Problem",
    "Report",
    "Share",
    "Shares",
    "Text",
    "Written",
]
