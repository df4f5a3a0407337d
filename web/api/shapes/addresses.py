"""E-mail addresses."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from .common import ADDRESS_ID, Text, given, taken

ADDRESS = {"id": ADDRESS_ID, "email": "ada@people.example", "confirmed_at": "2026-05-03T09:29:00Z"}


class NewAddress(BaseModel):
    """An e-mail address to add."""

    model_config = taken({"email": "ada@people.example"})
    email: Annotated[Text, Field(min_length=3, max_length=254)]


class Address(BaseModel):
    """An e-mail address of yours."""

    model_config = given(ADDRESS)
    id: str
    email: str
    confirmed_at: datetime | None = Field(description="Null until the link in the mail to it was opened")


class Addresses(BaseModel):
    """Your e-mail addresses, and the one that takes award mails."""

    model_config = given({"addresses": [ADDRESS], "inbox": "import+5f2c9b71d04e8a63c7de@backpack.example"})
    addresses: list[Address]
    inbox: str = Field(description="Forward award mails to it: their badges wait there for you")
