"""Pages for people: one module an area, one line each here. A module offers ``router``."""

from . import (
    badge,
    badges,
    collections,
    devmail,
    imports,
    landing,
    mailboxes,
    public,
    settings,
    shares,
    signin,
    verify,
)

PAGES = (
    landing,
    signin,
    badges,
    badge,
    imports,
    collections,
    shares,
    public,
    verify,
    settings,
    mailboxes,
    devmail,
)
