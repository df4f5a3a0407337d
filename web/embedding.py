"""The code that shows a public page inside another page."""

from html import escape

SIZES = {"badge": (360, 160), "collection": (360, 420)}
"""Width and height of an embed in CSS pixels, by what it shows."""


def embed_html(address: str, title: str, kind: str, most: tuple[int, int] | None = None) -> str:
    """An iframe with the embed of the public page at this address; ``most`` is the room there is, in pixels."""
    width, height = fitting(kind, most)
    return (
        f'<iframe src="{escape(address)}/embed" title="{escape(title)}" width="{width}" height="{height}"'
        ' loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )


def signature_html(address: str, title: str, issuer: str, picture: bool) -> str:
    """The badge for the end of an e-mail: a table with its picture and its link, as mail programs understand it."""
    link, name = escape(address), escape(title)
    shown = f'<td><a href="{link}"><img src="{link}/image" width="48" height="48" alt=""></a></td>'
    return (
        f'<table cellpadding="4"><tr>{shown if picture else ""}'
        f'<td><a href="{link}">{name}</a><br>{escape(issuer)}</td></tr></table>'
    )


def fitting(kind: str, most: tuple[int, int] | None) -> tuple[int, int]:
    """Our size, or the room there is when that is less."""
    width, height = SIZES[kind]
    return (min(width, most[0]), min(height, most[1])) if most else (width, height)
