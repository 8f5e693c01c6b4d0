"""What the addresses of both platforms read of a request in the same way."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.sandbox.refused import Refused

JSON = "application/json"
Answer = Callable[[Request], Awaitable[Response]]
_NUMBER = re.compile(r"-?[0-9]{1,4000}", re.ASCII)
"""As long as Python reads."""


async def json_of(request: Request) -> object:
    """Return the JSON of a request's body; an empty body is an empty object.

    Raises:
        Refused: If it is not JSON.
    """
    body = await request.body()
    if not body:
        return {}
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refused("The request is not valid JSON") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def resource(path: str, **answers: Answer) -> Route:
    """Return the route of one resource: what answers each method, by the method's name.

    A route for each method would tell only its own in the `Allow` of a refusal.
    """

    async def answer(request: Request) -> Response:
        # HEAD is what GET would answer, without the body.
        method = "GET" if request.method == "HEAD" else request.method
        return await answers[method](request)

    return Route(path, answer, methods=list(answers))


def query_number(request: Request, name: str, usual: int) -> int:
    """Return a whole number of the query, or *usual* where it is not given.

    Raises:
        Refused: If it is not a whole number.
    """
    text = request.query_params.get(name)
    if text is None:
        return usual
    if not _NUMBER.fullmatch(text):
        raise Refused(f"{name} is invalid: it is not a whole number")
    return int(text)


async def form_of(request: Request) -> dict[str, str]:
    """Return the texts of a form, or of a JSON object in its place.

    Raises:
        Refused: If it is said to be JSON and is none.
    """
    items: Iterable[tuple[object, object]]
    if request.headers.get("content-type", "").startswith(JSON):
        body = await json_of(request)
        items = body.items() if isinstance(body, dict) else ()
    else:
        async with request.form() as form:
            items = form.multi_items()
    return {str(name): value for name, value in items if isinstance(value, str)}
