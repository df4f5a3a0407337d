"""The tables. Integer keys inside; what stands in an address is a random public id in an indexed column.

Written once (a session guard and a trigger hold it): blob, document, report, report_document, and of
badge the columns in ``Badge.WRITTEN_ONCE``. What a badge is called and by whom it was awarded is a
projection of its latest report, because a hosted badge tells it only once its issuer has answered.

Work is claimed on the row itself: arrival, badge, mailbox and outbox each have a time when they are due (NULL:
never again), ``claimed_at`` (the lease) and ``attempts``, which counts the claims and so fences off a
worker whose lease has run out. Whether a row may be claimed is for ``services/leasing`` to say.
"""

from .archive import Blob, Document
from .arrivals import Arrival, ArrivalBadge, Mailbox
from .badges import Badge, Report, ReportDocument
from .defaults import now, public_id
from .earners import Address, Challenge, Earner, Signin, Token
from .shares import Collection, CollectionBadge, Share
from .upkeep import CachedPicture, Outbox, Throttle

__all__ = [
    "Address",
    "Arrival",
    "ArrivalBadge",
    "Badge",
    "Blob",
    "CachedPicture",
    "Challenge",
    "Collection",
    "CollectionBadge",
    "Document",
    "Earner",
    "Mailbox",
    "Outbox",
    "Report",
    "ReportDocument",
    "Share",
    "Signin",
    "Throttle",
    "Token",
    "now",
    "public_id",
]
