"""The addresses of Sendoso's API, under `/api/v3` and `/oauth`."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.sandbox.refused import Refused
from models.sandbox.requests import JSON, form_of, json_of, query_number, resource
from models.sandbox.sendoso import people, sends
from models.sandbox.sendoso.scripts import EGIFTS, PARCELS
from models.sandbox.sendoso.sends import Sends
from models.sandbox.sendoso.tokens import CLIENT_ID, BadGrant, Tokens

_MOST = 100
_USUAL = 25


class SendosoApi:
    """Answers the requests to Sendoso's API."""

    def __init__(self, sends: Sends, tokens: Tokens, origin: str) -> None:
        """Answer from *sends* and *tokens*; *origin* is the address of the server."""
        self._sends = sends
        self._tokens = tokens
        self._origin = origin

    def routes(self) -> list[Route]:
        """Return the routes, below the address of the server."""
        return [
            resource("/api/v3/me", GET=self._me),
            resource("/api/v3/users", GET=self._users),
            resource("/api/v3/groups", GET=self._groups),
            resource("/api/v3/groups/{id:int}/members", GET=self._members),
            resource("/api/v3/touches", GET=self._touches),
            resource("/api/v3/touches/{id:int}", GET=self._touch),
            resource("/api/v3/send", GET=self._list_sends, POST=self._create_send),
            resource("/api/v3/send/generate_egift_links", POST=self._create_links),
            resource("/oauth/authorize", GET=self._authorize),
            resource("/oauth/token", POST=self._token),
            resource("/oauth/revoke", POST=self._revoke),
        ]

    async def _me(self, request: Request) -> Response:
        return _answer(people.ME)

    async def _users(self, request: Request) -> Response:
        return _some(request, people.USERS, "users", "total_users")

    async def _groups(self, request: Request) -> Response:
        return _some(request, people.GROUPS, "groups", "total_groups")

    async def _members(self, request: Request) -> Response:
        found = people.members(request.path_params["id"])
        if found is None:
            raise Refused("Group not found!", 404)
        return _answer(found)

    async def _touches(self, request: Request) -> Response:
        kind = request.query_params.get("delivery_type")
        found = [touch for touch in people.TOUCHES if kind in (None, touch["delivery_type"])]
        return _some(request, found, "touches", "total_posts")

    async def _touch(self, request: Request) -> Response:
        found = people.touch(request.path_params["id"])
        if found is None:
            raise Refused("Touch not found", 404)
        return _answer(found)

    async def _list_sends(self, request: Request) -> Response:
        page, per_page = _page(request)
        rows, total = self._sends.page(page, per_page)
        head = {"current_page": page, "per_page": per_page, "total_count": total}
        listed = ", ".join(map(sends.body, rows))
        return Response(f'{json.dumps(head)[:-1]}, "sends": [{listed}]}}', media_type=JSON)

    async def _create_send(self, request: Request) -> Response:
        wanted = await _wanted(request)
        egift = wanted.get("via") == "single_email_address"
        if not egift and wanted.get("via") != "single_person_or_company":
            raise Refused("via is invalid")
        for name in ("email", "via_from", *(() if egift else ("name",))):
            if not _text(wanted, name):
                raise Refused(f"{name} can't be blank")
        touch = self._touch_of(wanted, "email" if egift else "mail")
        script = PARCELS["confirmed" if wanted.get("confirm_address") is True else "addressed"]
        row = self._sends.create(
            touch,
            {
                "name": _text(wanted, "name") or None,
                "email": _text(wanted, "email"),
                "company_name": None,
            },
            EGIFTS["unopened"] if egift else script,
            sent_via=_text(wanted, "via_from"),
        )
        code = sends.gid(row["seq"])
        body = {"success": True, "message": "Send was created", "tracking_code": code}
        if egift:
            body["tracking_url"] = f"{self._origin}/sendoso/{code}"
        return _answer(body)

    async def _create_links(self, request: Request) -> Response:
        wanted = await _wanted(request)
        users = wanted.get("recipient_users")
        if not isinstance(users, list) or not users:
            raise Refused("recipient_users can't be blank")
        emails = [_text(user, "email") if isinstance(user, dict) else "" for user in users]
        if not all(emails):
            raise Refused("email can't be blank")
        touch = self._touch_of(wanted, "email")
        links = []
        for email in emails:
            recipient = {"name": None, "email": email, "company_name": None}
            via = _text(wanted, "via_from") or "API"
            row = self._sends.create(touch, recipient, EGIFTS["unopened"], sent_via=via)
            link = f"{self._origin}/sendoso/{sends.gid(row['seq'])}"
            links.append({"egift_link": link, "recipient_email_or_phone_number": email})
        return _answer({"success": True, "message": "Links were created", "egift_links": links})

    def _touch_of(self, wanted: dict[str, Any], kind: str) -> int:
        found = people.touch(wanted.get("touch_id"))
        if found is None or found["delivery_type"] != kind:
            raise Refused("Touch not found", 404)
        return int(found["id"])

    # OAuth

    async def _authorize(self, request: Request) -> Response:
        """Let the application in, as a user would who agrees: the browser goes back with a code."""
        query = request.query_params
        if query.get("client_id") != CLIENT_ID or query.get("response_type") != "code":
            raise Refused("The client or the response type is unknown", 401)
        back = query.get("redirect_uri", "")
        try:
            known = urlsplit(back).scheme in ("http", "https")
        except ValueError:
            known = False
        if not known:
            raise Refused("The redirect URI is invalid", 401)
        answer = {"code": self._tokens.code(), "state": query.get("state", "")}
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{urlencode(answer)}", 302)

    async def _token(self, request: Request) -> Response:
        try:
            return _answer(self._tokens.grant(await form_of(request)))
        except BadGrant as refused:
            body = {"error": refused.error, "error_description": str(refused)}
            return _answer(body, refused.status)

    async def _revoke(self, request: Request) -> Response:
        self._tokens.revoke((await form_of(request)).get("token", ""))
        return _answer({})


async def _wanted(request: Request) -> dict[str, Any]:
    body = await json_of(request)
    if isinstance(body, dict) and isinstance(body.get("send"), dict):
        found: dict[str, Any] = body["send"]
        return found
    raise Refused("send can't be blank")


def _text(wanted: dict[str, Any], name: str) -> str:
    value = wanted.get(name)
    return value.strip() if isinstance(value, str) else ""


def _page(request: Request) -> tuple[int, int]:
    page = query_number(request, "page", 1)
    per_page = query_number(request, "per_page", _USUAL)
    if page < 1 or per_page < 1:
        raise Refused("page and per_page must be greater than 0")
    return page, min(per_page, _MOST)


def _some(request: Request, items: Sequence[dict[str, Any]], name: str, total: str) -> Response:
    page, per_page = _page(request)
    first = (page - 1) * per_page
    shown = items[first : first + per_page]
    return _answer(
        {"current_page": page, "per_page": per_page, total: len(items), name: list(shown)}
    )


def _answer(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, media_type=JSON)
