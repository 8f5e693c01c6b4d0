"""What an organisation of the sandbox has at Sendoso: made-up campaigns, users and teams."""

from typing import Any

_CREATED = "2026-01-05T09:00:00-08:00"

_TOUCHES = (
    (512, "Spring welcome kit", "mail", "Inventoried Sends", "Custom Bundles", "48.75"),
    (513, "Handwritten thanks", "mail", "Handwritten Notes", "Handwritten Notes", "6.5"),
    (514, "Wine for the team", "mail", "Sendoso Direct", "Wine", "92.0"),
    (530, "Coffee on us", "email", "eGifts USA", "Coffee", "25.0"),
    (531, "Lunch and learn", "email", "eGifts USA", "Lunch", "40.0"),
)
TOUCH_IDS = tuple(row[0] for row in _TOUCHES)
TOUCHES: tuple[dict[str, Any], ...] = tuple(
    {
        "id": number,
        "name": name,
        "start_date": _CREATED,
        "end_date": "2030-12-31T23:59:59-08:00",
        "description": f"{name}: a made-up campaign",
        "created_at": _CREATED,
        "user_id": 77,
        "gift_id": 9000 + number,
        **({"starting_egift_price": 5.0, "ending_egift_price": 100.0} if kind == "email" else {}),
        "status": "Active",
        "is_default_price": True,
        "delivery_type": kind,
    }
    for number, name, kind, *_ in _TOUCHES
)
_USERS = (
    (77, "Ivo", "Marsh", "ivo@sandbox.example", 9, "CS West"),
    (81, "Ana", "Sol", "ana@sandbox.example", 4, "SDR East"),
)
USERS: tuple[dict[str, Any], ...] = tuple(
    {
        "id": str(number),
        "first_name": first,
        "last_name": last,
        "email": email,
        "team_group_id": team,
    }
    for number, first, last, email, team, _ in _USERS
)
ME: dict[str, Any] = {
    "id": 77,
    "first_name": "Ivo",
    "last_name": "Marsh",
    "email": "ivo@sandbox.example",
    "role": "manager",
    "balance": "500.0",
    "team_balance": 2500,
}
GROUPS: tuple[dict[str, Any], ...] = tuple(
    {
        "id": str(team),
        "budget": 5000,
        "created_at": _CREATED,
        "monthly_budget": "1000.0",
        "name": name,
        "one_time_budget": 0,
        "rollover": False,
        "team_id": 1,
        "updated_at": _CREATED,
    }
    for *_, team, name in _USERS
)


def members(team: int) -> list[dict[str, Any]] | None:
    """Return the users of a team, or None if there is no such team."""
    found = [user for user in USERS if user["team_group_id"] == team]
    return [
        {
            **user,
            "balance": "500.0",
            "sandbox": True,
            "team_id": 1,
            "key": f"invitation-{user['id']}",
        }
        for user in found
    ] or None


def touch(number: object) -> dict[str, Any] | None:
    """Return a campaign, or None."""
    return next((each for each in TOUCHES if each["id"] == number), None)


def kind_of(number: int) -> tuple[str, str, str]:
    """Return type, subtype and cost of what a campaign sends."""
    kind, subtype, cost = next(row[3:] for row in _TOUCHES if row[0] == number)
    return kind, subtype, cost


def sender(place: int) -> dict[str, Any]:
    """Return one of the users as a send tells of its sender."""
    number, first, last, email, team, team_name = _USERS[place % len(_USERS)]
    return {
        "id": number, "name": f"{first} {last}", "email": email, "team_id": team, "team_name": team_name,
    }  # fmt: skip
