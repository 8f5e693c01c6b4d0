"""The pages that people see, rendered on the server."""

from functools import cache

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse, Response


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("models.sandbox", "pages"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(name: str, status: int = 200, /, **values: object) -> Response:
    """Return the page *name*, filled in with *values*."""
    text = _environment().get_template(name).render(**values)
    # A name may hold half of a character, which JSON can and UTF-8 cannot.
    return HTMLResponse(text.encode("utf-8", "replace"), status)
