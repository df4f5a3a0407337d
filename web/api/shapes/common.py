"""What the shapes have in common: ids, texts, and how a shape carries its example."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from backpack.errors import Missing
from backpack.services.collecting import MAX_INTRO
from backpack.services.organising import MAX_NOTE

BADGE_ID = "q5Vd0yXGq2nJm1oZ4bT7Lw"
ARRIVAL_ID = "Zt8mC3rWQ1yq9nE5uK2s0A"
COLLECTION_ID = "h7Yk2PpQ3sVx8Wc1Rz6NbA"
SHARE_ID = "dU4nJ9wB5mKe2TqX0aH3fg"
ADDRESS_ID = "k1Lr6GvS8oDy4ZcM7pFx2Q"
SLUG = "n2cJ8vT5qL0xY7bR3mWk9ZsE"


def _plain(text: str) -> str:
    """Refuse NUL, which PostgreSQL cannot keep in a text, and half characters, which no database can."""
    if "\0" in text:
        raise ValueError("must not contain the character NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain half a character (a lone surrogate)") from None
    return text


def _id(text: str) -> str:
    """Refuse what can be no id of ours, as if it were absent."""
    if not text.isascii() or not text.isprintable():
        raise Missing
    return text


def _label(text: str) -> str:
    """A tag as we keep it: no comma, because commas part the tags."""
    if "," in text:
        raise ValueError("a tag must not contain a comma; send each tag as an item of its own")
    return text.strip()


Text = Annotated[str, AfterValidator(_plain)]
Id = Annotated[str, AfterValidator(_id), Field(max_length=100)]
Title = Annotated[Text, Field(min_length=1, max_length=300, pattern=r"\S")]
Note = Annotated[Text, Field(max_length=MAX_NOTE)]
Intro = Annotated[Text, Field(max_length=MAX_INTRO)]
Remark = Annotated[Text, Field(max_length=2_000)]
Tag = Annotated[Text, AfterValidator(_label), Field(min_length=1, max_length=60)]
Audience = Literal["link", "world"]


def _with(example: dict[str, Any], *, closed: bool) -> ConfigDict:
    extra: Literal["forbid", "ignore"] = "forbid" if closed else "ignore"
    return ConfigDict(extra=extra, json_schema_extra={"examples": [example]})


def taken(example: dict[str, Any]) -> ConfigDict:
    """Settings of a model that comes in: no unknown fields."""
    return _with(example, closed=True)


def given(example: dict[str, Any]) -> ConfigDict:
    """Settings of a model that goes out."""
    return _with(example, closed=False)


class Problem(BaseModel):
    """Why a call did not work (RFC 9457). Programs look at `code`, people read `detail` and `try_this`."""

    model_config = given(
        {
            "type": "urn:backpack:problem:missing",
            "title": "There is nothing here",
            "status": 404,
            "detail": "There is no such badge.",
            "try_this": "",
            "code": "missing",
        }
    )
    type: str = Field(description="A name for the kind of problem; its last part is `code`")
    title: str = Field(description="The kind of problem in words")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="One sentence: what is wrong with this call")
    try_this: str = Field("", description="One sentence: what to do about it; may be empty")
    code: str = Field(description="A stable word for programs")
