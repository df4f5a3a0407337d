"""Pages for people: one module an area, one line each here. A module offers ``router``."""

from . import badge, badges, collections, devmail, imports, landing, public, settings, shares, signin, verify

PAGES = (landing, signin, badges, badge, imports, collections, shares, public, verify, settings, devmail)
