"""The statuses of Kindbox's boxes, from first to last."""

from functools import partial

from models.providers.status import Stage, Status, Threshold
from models.values.calendar import AT_ONCE, Limit

_GUIDE = "Kindbox, guide for senders"
_CARE = "Kindbox Care"

_box = partial(Status, provider="kindbox", types=("box",), source=_GUIDE)

STATUSES = (
    _box(
        slug="ordered",
        label="Ordered",
        stage=Stage.WORKING,
        rank=10,
        next=("packed", "stopped"),
        threshold=Threshold(Limit(2), _GUIDE),
        meaning="Kindbox knows of the box and has not packed it.",
        advice="Ask Kindbox Care when it takes longer than two days.",
        contact=_CARE,
    ),
    _box(
        slug="packed",
        label="Packed",
        stage=Stage.WORKING,
        rank=20,
        next=("on_the_way", "stopped"),
        meaning="The box is closed and waits for the carrier.",
        advice="Nothing to do: the carrier comes every day.",
    ),
    _box(
        slug="on_the_way",
        label="On the Way",
        aliases=("travelling",),
        stage=Stage.MOVING,
        rank=30,
        next=("arrived", "came_back"),
        meaning="A carrier has the box.",
        advice="Follow the tracking link.",
    ),
    _box(
        slug="came_back",
        label="Came Back",
        stage=Stage.PROBLEM,
        rank=40,
        next=("on_the_way", "stopped"),
        threshold=Threshold(AT_ONCE, _GUIDE),
        meaning="The carrier brought the box back to Kindbox.",
        advice="Get another address from the sender, then tell Kindbox Care.",
        contact=_CARE,
        request="Please tell us why the box came back, and keep it until we have another address.",
        soft_problem=True,
        short_word="back",
    ),
    _box(
        slug="arrived",
        label="Arrived",
        stage=Stage.DONE,
        rank=100,
        final=True,
        meaning="The box is where it should be.",
        advice="Done. Nothing is left to do.",
    ),
    _box(
        slug="stopped",
        label="Stopped",
        stage=Stage.CLOSED,
        rank=110,
        final=True,
        meaning="The box was called off.",
        advice="Tell the sender, and ask whether to send another one.",
    ),
)
