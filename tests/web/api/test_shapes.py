"""The examples in the documentation are true: each fits the shape that it illustrates."""

from inspect import isclass

import pytest
from pydantic import BaseModel, ValidationError

from web.api import shapes

MODELS = [getattr(shapes, name) for name in shapes.__all__ if isclass(getattr(shapes, name))]
TAKEN = [model for model in MODELS if model.model_config["extra"] == "forbid"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_example_fits_its_shape(model: type[BaseModel]) -> None:
    example = model.model_config["json_schema_extra"]["examples"][0]
    told = model.model_validate(example).model_dump(mode="json", exclude_unset=True)
    assert told == example


@pytest.mark.parametrize("model", TAKEN, ids=lambda model: model.__name__)
def test_a_field_that_nobody_knows_is_refused(model: type[BaseModel]) -> None:
    example = model.model_config["json_schema_extra"]["examples"][0]
    with pytest.raises(ValidationError, match="extra_forbidden"):
        model.model_validate({**example, "owner_id": 1})


@pytest.mark.parametrize("tag", ["a,b", "", "x" * 61, "a\0b"])
def test_a_tag_is_short_and_has_no_comma(tag: str) -> None:
    with pytest.raises(ValidationError):
        shapes.BadgeChanges(tags=[tag])


def test_a_title_is_not_blank() -> None:
    with pytest.raises(ValidationError):
        shapes.NewCollection(title="  ")
