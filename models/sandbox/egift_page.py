"""The page of an eGift of Sendoso: who opens it has clicked, who gives an address gets the code."""

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.sandbox.requests import resource
from models.sandbox.sendoso.sends import WAITING_EGIFTS, Sends
from models.sandbox.state import Row
from models.sandbox.templates import page


class EgiftPages:
    """Shows eGifts to people, and takes their answers."""

    def __init__(self, sends: Sends, origin: str) -> None:
        """Show what *sends* has; *origin* is the address of the server."""
        self._sends = sends
        self._origin = origin

    def routes(self) -> list[Route]:
        """Return the routes, below the address of the server."""
        return [
            resource("/sendoso/{gid}", GET=self._show),
            resource("/sendoso/{gid}/redeem", POST=self._redeem),
        ]

    async def _show(self, request: Request) -> Response:
        row = self._sends.by_gid(request.path_params["gid"])
        return self._page(request, self._sends.click(row))

    async def _redeem(self, request: Request) -> Response:
        row = self._sends.by_gid(request.path_params["gid"])
        return self._page(request, self._sends.redeem(row))

    def _page(self, request: Request, row: Row) -> Response:
        return page(
            "egift.html",
            send=json.loads(row["body"]),
            status=row["status"],
            number=row["seq"],
            link=f"{self._origin}/sendoso/{request.path_params['gid']}",
            can_redeem=row["status"] in WAITING_EGIFTS,
        )
