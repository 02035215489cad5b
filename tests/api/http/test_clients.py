"""Clients that generators make from the OpenAPI document, in Python and TypeScript, called against a real service."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from ..required import missing
from ..store.accounts import add_key_of
from .server_process import running

pytestmark = pytest.mark.slow
TOOLS = Path(__file__).parents[3] / "build/client-test"
"""`make build/client-test/.installed` installs the generators there."""

PYTHON = """
import json, sys
from smsvet_client import AuthenticatedClient, Client
from smsvet_client.api.review import review
from smsvet_client.api.rules import list_rules
from smsvet_client.api.submissions import get_submission, submit
from smsvet_client.models import ReviewLang, SubmissionIn, SubmissionInPurposeType0

url, key = sys.argv[1:]
submission = SubmissionIn(
    id="order-1", body="您的验证码为｛1｝，点击{2}查看", purpose=SubmissionInPurposeType0.VERIFICATION
)
verdict = review.sync(client=Client(url), body=submission, lang=ReviewLang.EN)
client = AuthenticatedClient(url, key)
first = submit.sync(client=client, body=submission)
again = submit.sync_detailed(client=client, body=submission)
refused = submit.sync_detailed(client=Client(url), body=submission)
print(json.dumps({
    "decision": verdict.decision.value,
    "rules": sorted({finding.rule for finding in verdict.findings}),
    "listed": len(list_rules.sync(client=Client(url)).rules),
    "status": first.status.value,
    "again": [again.status_code.value, again.parsed.submission == first.submission],
    "read": get_submission.sync(first.submission, client=client).id == "order-1",
    "refused": [refused.status_code.value, refused.parsed.type_],
}))
"""

TYPESCRIPT = """
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { argv: string[] };
const [url, key] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url });
const headers = { Authorization: `Bearer ${key}` };
const body = { id: "order-2", body: "您的验证码为｛1｝，点击{2}查看", purpose: "verification" as const };

const { data: verdict } = await client.POST("/v1/review", { body, params: { query: { lang: "en" } } });
const { data: rules } = await client.GET("/v1/rules");
const { data: first } = await client.POST("/v1/submissions", { body, headers });
const again = await client.POST("/v1/submissions", { body, headers });
const { data: read } = await client.GET("/v1/submissions/{submission}", {
    params: { path: { submission: first!.submission } }, headers,
});
const refused = await client.POST("/v1/submissions", { body });
console.log(JSON.stringify({
    decision: verdict!.decision,
    rules: [...new Set(verdict!.findings.map((finding) => finding.rule))].sort(),
    listed: rules!.rules.length,
    status: first!.status,
    again: [again.response.status, again.data!.submission === first!.submission],
    read: read!.id === "order-2",
    refused: [refused.response.status, refused.error!.type],
}));
"""


@dataclass(frozen=True)
class Peer:
    """A running service, its OpenAPI document in a file, and the key of a submitter."""

    url: str
    document: Path
    key: str


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    from smsvet_api.store.database import open_database
    from smsvet_api.store.store import Store
    from smsvet_api.store.upgrading import upgrade

    folder = tmp_path_factory.mktemp("service")
    url = f"sqlite:///{folder}/smsvet.sqlite"
    database = open_database(url, "en")
    upgrade(database)
    key = add_key_of(Store(database), "shop", "submitter")
    database.dispose()
    with running(folder, SMSVET_DATABASE=url) as server:
        document = folder / "openapi.json"
        document.write_bytes(httpx.get(f"{server.url}/openapi.json").content)
        yield Peer(server.url, document, key)


def expected(service: Peer) -> dict[str, object]:
    """Return the answers that both clients get."""
    submission = {"body": "您的验证码为｛1｝，点击{2}查看", "purpose": "verification"}
    verdict = httpx.post(f"{service.url}/v1/review", json=submission).json()
    return {
        "decision": "reject",
        "rules": sorted({finding["rule"] for finding in verdict["findings"]}),
        "listed": len(httpx.get(f"{service.url}/v1/rules").json()["rules"]),
        "status": "rejected",
        "again": [200, True],
        "read": True,
        "refused": [401, "urn:smsvet:problem:unauthorized"],
    }


def ran(*command: str | Path, folder: Path, warnings: bool = False, **variables: str) -> str:
    """Return the output of a command that succeeds, with `warnings` also its standard error."""
    done = subprocess.run(command, cwd=folder, env=os.environ | variables, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode() + (done.stderr.decode() if warnings else "")


def test_a_generated_python_client_is_called(service: Peer, tmp_path: Path) -> None:
    generator = TOOLS / "bin/openapi-python-client"
    if not generator.exists():
        missing(f"{generator} is not installed")
    shown = ran(
        generator, "generate", "--path", service.document, "--meta", "none", "--output-path", "smsvet_client", folder=tmp_path, warnings=True, PATH=f"{generator.parent}{os.pathsep}{os.environ['PATH']}",
    )  # fmt: skip
    # The generator knows no YAML: the caller gets the bytes of that response.
    warned = re.findall("WARNING parsing (.+) within", shown)
    assert (warned, "Unable to process" in shown) == (["GET /v1/examples.yaml"], False)
    (tmp_path / "call.py").write_text(PYTHON, encoding="utf-8")

    answer = ran(generator.parent / "python", "call.py", service.url, service.key, folder=tmp_path)

    assert json.loads(answer) == expected(service)


def test_a_generated_typescript_client_is_called(service: Peer, tmp_path: Path) -> None:
    modules = TOOLS / "node_modules"
    node = shutil.which("node")
    if node is None or not modules.exists():
        missing("node and the TypeScript tools are not installed")
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "call.ts").write_text(TYPESCRIPT, encoding="utf-8")
    bin_ = modules / ".bin"
    ran(bin_ / "openapi-typescript", service.document, "-o", "schema.d.ts", folder=tmp_path)
    # The compiler checks every name and type that the calls use.
    ran(
        bin_ / "tsc", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom",
        "--skipLibCheck", "call.ts", folder=tmp_path,
    )  # fmt: skip

    answer = ran(node, "call.js", service.url, service.key, folder=tmp_path)

    assert json.loads(answer) == expected(service)
