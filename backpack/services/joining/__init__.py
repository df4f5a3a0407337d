"""Joining: who someone is. Signing in, the addresses they have confirmed, and leaving again."""

from .addresses import add_address, addresses, confirm_by_code, confirm_by_link, confirmed, remove_address
from .earners import (
    choose_mail,
    earner_by_email,
    earner_of_inbox,
    inbox_address,
    make_earner,
    rename,
    replace_inbox,
)
from .emails import normal
from .leaving import leave
from .signing_in import (
    ask_to_sign_in,
    end_signin,
    look_at_link,
    sign_in_by_code,
    sign_in_by_link,
    sign_out,
    signins,
    who,
)

__all__ = [
    "add_address",
    "addresses",
    "ask_to_sign_in",
    "choose_mail",
    "confirm_by_code",
    "confirm_by_link",
    "confirmed",
    "earner_by_email",
    "earner_of_inbox",
    "end_signin",
    "inbox_address",
    "leave",
    "look_at_link",
    "make_earner",
    "normal",
    "remove_address",
    "rename",
    "replace_inbox",
    "sign_in_by_code",
    "sign_in_by_link",
    "sign_out",
    "signins",
    "who",
]
