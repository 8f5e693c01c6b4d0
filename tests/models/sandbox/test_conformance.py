"""The sandbox against Goody's published description, from outside: what schemathesis makes of it.

The description is `tests/samples/openapi/goody.json`, as developer.ongoody.com publishes it.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.sandbox import KEY, running_sandbox
from tests.support.terminal import ROOT, clean_environment

PUBLISHED = ROOT / "tests" / "samples" / "openapi" / "goody.json"
REFUSAL = {
    "description": "Refused",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
# A well-formed order may still ask for what is not sold, or come too late: only what is read must succeed.
SETTINGS = """
[[operations]]
include-method = "POST"
[operations.checks.positive_data_acceptance]
enabled = false
[[operations]]
include-method = "DELETE"
[operations.checks.positive_data_acceptance]
enabled = false
"""


def description() -> dict[str, Any]:
    """Return the published description, with what its own pages and examples say besides.

    Its pages document 400, 401 and 404 for every request, always with an `Error`; the operations name only
    some of them. And its own examples send nulls where the schemas know none.
    """
    found: dict[str, Any] = json.loads(PUBLISHED.read_text("utf-8"))
    for path in found["paths"].values():
        for method in path.keys() & {"get", "post", "delete"}:
            path[method]["responses"].setdefault("default", REFUSAL)
    batch = found["components"]["schemas"]["OrderBatchInput"]["properties"]
    for name in ("payment_method_id", "workspace_id"):
        batch[name]["nullable"] = True
    return found


def test_schemathesis_finds_nothing_in_any_phase(tmp_path: Path) -> None:
    """Examples, borders of every parameter, made-up requests, and requests that follow from answers."""
    file, settings = tmp_path / "goody.json", tmp_path / "schemathesis.toml"
    file.write_text(json.dumps(description()), "utf-8")
    settings.write_text(SETTINGS, "utf-8")
    with running_sandbox(tmp_path) as sandbox:
        sandbox.batch(people=3, expires_at="2026-04-01T00:00:00Z")
        sandbox.batch(scheduled_send_on="2026-04-01T00:00:00Z")
        done = subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", "--config-file", settings, "run", file,
                "--url", sandbox.url, "--header", f"Authorization: Bearer {KEY}", "--no-color",
                "--max-examples", "3", "--seed", "1", "--continue-on-failure", "--generation-database", "none",
            ],
            cwd=tmp_path, env=clean_environment(), capture_output=True, text=True,
        )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Stateful" in done.stdout
