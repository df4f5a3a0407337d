"""Reading what a provider sends: JSON or a form, within limits, and a password in its address."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import python_multipart
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File

from backpack.errors import Unreadable

from ._shapes import Call

MOST_FIELDS = 200


def told(body: bytes | str) -> Mapping[str, Any]:
    """A JSON object. Raises Unreadable."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("This is not JSON.") from error
    if not isinstance(found, dict):
        raise Unreadable("This is not a JSON object.")
    return found


def inner(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside an object; an empty one when there is none."""
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def text(found: Mapping[str, Any], name: str) -> str:
    """A text inside an object; "" when there is none. Half characters, which JSON can name, are replaced."""
    value = found.get(name)
    return _whole(value) if isinstance(value, str) else ""


def texts(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts inside an object."""
    value = found.get(name)
    return tuple(_whole(one) for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _whole(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def fields(call: Call) -> dict[str, bytes]:
    """The fields of a form, urlencoded or multipart; files are fields too. Raises Unreadable."""
    kind = call.headers.get("content-type", "")
    try:
        if kind.lower().startswith("multipart/"):
            return _parts(kind, call.body)
        pairs = parse_qsl(
            call.body.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",  # byte for byte: a mail may be in any charset
            max_num_fields=MOST_FIELDS,
        )
    except (FormParserError, ValueError) as error:
        raise Unreadable("This is not a form.") from error
    return {name: value.encode("latin-1") for name, value in reversed(pairs)}


def as_text(found: Mapping[str, bytes], name: str) -> str:
    """A field as text; "" when there is none."""
    return found.get(name, b"").decode("utf-8", "replace")


def is_recent(stamp: str, at: datetime, within: timedelta) -> bool:
    """Whether a time, in seconds as providers sign it, is not far from this one."""
    is_time = stamp.isascii() and stamp.isdigit() and len(stamp) < 12
    return is_time and abs(int(stamp) - at.timestamp()) < within.total_seconds()


def has_password(call: Call, secret: str) -> bool:
    """Whether the password that stands in the webhook's address (https://any:secret@…) is ours."""
    kind, _, coded = call.headers.get("authorization", "").partition(" ")
    try:
        pair = base64.b64decode(coded, validate=True) if kind.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(pair.partition(b":")[2], secret.encode())


def _parts(kind: str, body: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def keep(one: Field | File) -> None:
        name = (one.field_name or b"").decode("utf-8", "replace")
        found.setdefault(name, _content(one))

    limits = {"MAX_MEMORY_FILE_SIZE": len(body) + 1, "MAX_FIELDS": MOST_FIELDS}
    headers = {"Content-Type": kind.encode("latin-1", "replace")}
    parser = python_multipart.create_form_parser(headers, keep, keep, config=limits)
    parser.write(body)
    parser.finalize()
    return found


def _content(one: Field | File) -> bytes:
    if isinstance(one, Field):
        return one.value or b""
    one.file_object.seek(0)
    return one.file_object.read()
