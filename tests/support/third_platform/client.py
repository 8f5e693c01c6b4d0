"""Kindbox's API: one list of boxes, each page of which says what the next one is asked by."""

from pydantic import BaseModel, ConfigDict

from models.providers.client import Client, Feed


class Step(BaseModel):
    """A box entered a status."""

    model_config = ConfigDict(strict=True)

    state: str
    on: str


class Box(BaseModel):
    """A box as the list has it."""

    model_config = ConfigDict(strict=True)

    box: str
    journey: list[Step]


CLIENT = Client(
    address="https://api.kindbox.example",
    prefix="/api",
    feeds=(
        Feed(
            name="boxes",
            path="/api/boxes",
            entry=Box,
            items="boxes",
            page="cursor",
            per_page="limit",
            most=50,
            following=("next",),
            after="updated_since",
            time="updated",
        ),
    ),
    token="key",
)
