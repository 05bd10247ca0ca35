"""Who may talk to the server of `rolecall review`: only the page that it serves itself, opened by the address that it printed.
Another Host (a name that leads to this machine), another Origin (a page of somebody else in the same browser), another token,
another way of writing: refused, and nothing is written."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from articles import HEARING
from rolecall import write_records
from server import Review
from visitor import Visitor

Start = Callable[..., Review]
REFUSED = {400, 403, 404}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.fixture
def server(review: Start, tmp_path: Path) -> Review:
    return review(write_records(tmp_path / "records.jsonl", [HEARING]), "--reviewer", "anna")


@contextmanager
def unchanged(server: Review, folder: Path) -> Iterator[None]:
    """Whatever happens meanwhile must leave the article and the answers as they are."""
    answers = folder / "records.answers.jsonl"

    def state() -> tuple[object, bytes]:
        return server.article(0), answers.read_bytes() if answers.exists() else b""

    before = state()
    yield
    assert state() == before


def test_every_start_has_a_token_of_its_own(review: Start, tmp_path: Path) -> None:
    path = write_records(tmp_path / "records.jsonl", [HEARING])
    tokens = set[str]()
    for reviewer in ("anna", "ben"):
        server = review(path, "--reviewer", reviewer, "--answers", tmp_path / f"{reviewer}.jsonl")
        token = server.root.strip("/")
        assert len(token) >= 22, "too short to be unguessable: 22 letters hold 128 bits"
        tokens.add(token)
        server.kill()
    assert len(tokens) == 2


@pytest.mark.parametrize("path", ["", "review.css", "api/session", "api/articles/0"])
def test_reading_needs_token_and_host(server: Review, path: str) -> None:
    right = {"Host": f"127.0.0.1:{server.port}"}
    assert server.request("GET", server.root + path, headers=right).status == 200
    wrong_token = "/" + "A" * len(server.root.strip("/")) + "/"
    for root in ("/", wrong_token, server.root[:-2] + "/", server.root.swapcase(), f"/x{server.root}", f"{server.root}../"):
        answer = server.request("GET", root + path, headers=right)
        assert answer.status in REFUSED, root
        assert server.root.strip("/").encode() not in answer.body
    for host in ("evil.test", f"evil.test:{server.port}", "127.0.0.1:1", f"127.0.0.1.evil.test:{server.port}", ""):
        assert server.request("GET", server.root + path, headers={"Host": host}).status in REFUSED, host
    assert server.request("GET", server.root + path).status in REFUSED


@pytest.mark.parametrize(
    "path", ["../Cargo.toml", "..%2f..%2fetc/passwd", "%2e%2e/x", "//etc/passwd", "review.js/../../x", "records.jsonl", "%00"]
)
def test_nothing_but_the_page_is_served(server: Review, path: str) -> None:
    assert server.get(path).status in REFUSED


def test_the_page_is_kept_to_itself(server: Review) -> None:
    for path in ("", "review.css", "api/session"):
        headers = server.get(path).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "no-store" in headers["cache-control"]
        assert not any(name.startswith("access-control-") for name in headers)


def test_only_this_machine_is_answered(server: Review) -> None:
    with pytest.raises(OSError):
        # Another address of the same machine, where a server that listens everywhere would answer.
        socket.create_connection(("127.0.0.2", server.port), timeout=5)


def test_writing_needs_the_right_origin(server: Review, tmp_path: Path) -> None:
    version = server.article(0)["version"]
    asked = {"version": version, "decision": {"do": "accept"}}
    with unchanged(server, tmp_path):
        for origin in (
            "http://evil.test",
            "null",
            "",
            f"https://127.0.0.1:{server.port}",
            "http://127.0.0.1:1",
            f"{server.origin}.evil.test",
        ):
            assert server.post("api/articles/0", asked, Origin=origin).status == 403, origin
        assert server.post("api/articles/0", asked, Host="evil.test").status in REFUSED
        assert (
            server.post("api/articles/0", asked, Host=f"evil.test:{server.port}", Origin=f"http://evil.test:{server.port}").status
            in REFUSED
        )
        body = b'{"version": "", "decision": {"do": "accept"}}'
        host = {"Host": f"127.0.0.1:{server.port}"}
        assert server.request("POST", f"{server.root}api/articles/0", body, host).status == 403, "no origin at all"
        assert server.request("POST", "/api/articles/0", body, host | {"Origin": server.origin}).status in REFUSED
        for method in ("GET", "PUT", "DELETE", "OPTIONS"):
            answer = server.request(method, f"{server.root}api/articles/0", body, host | {"Origin": server.origin})
            assert method == "GET" or answer.status in REFUSED | {405}, method
    assert server.post("api/articles/0", asked).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[1]",
        b"{",
        b"\xff",
        b'{"version": ""}',
        b'{"version": 1, "decision": {"do": "accept"}}',
        b'{"version": "", "decision": {"do": "format"}}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_decision_is_refused(server: Review, tmp_path: Path, body: bytes) -> None:
    headers = {"Host": f"127.0.0.1:{server.port}", "Origin": server.origin, "Content-Type": "application/json"}
    with unchanged(server, tmp_path):
        assert 400 <= server.request("POST", f"{server.root}api/articles/0", body, headers).status < 500


def test_articles_that_are_not_there(server: Review) -> None:
    for number in ("1", "99999999999999999999", "-1", "x", ""):
        assert server.get(f"api/articles/{number}").status in REFUSED
        assert 400 <= server.post(f"api/articles/{number}", {"version": "", "decision": {"do": "accept"}}).status < 500


ATTACK = """<!doctype html><html lang="en"><title>An offer</title>
<iframe name="frame" src="{address}"></iframe>
<form id="form" method="post" enctype="text/plain" target="frame" action="{address}api/articles/0">
<input name='{{"version": "{version}", "decision": {{"do": "accept"}}, "x": "' value='"}}'></form>
<p id="done"></p>
<script>
const body = JSON.stringify({{version: '{version}', decision: {{do: 'accept'}}}});
const write = '{address}api/articles/0';
const tries = {{
  'post': () => fetch(write, {{method: 'POST', body, headers: {{'Content-Type': 'application/json'}}}}).then((said) => said.status),
  'post unseen': () => fetch(write, {{method: 'POST', body, mode: 'no-cors'}}).then((said) => said.type),
  'read': () => fetch('{address}api/session').then((said) => said.text()),
  'beacon': async () => navigator.sendBeacon(write, body),
  'form': async () => {{ document.getElementById('form').submit(); return 'sent'; }},
  'framed': async () => document.querySelector('iframe').contentDocument !== null,
}};
(async () => {{
  const met = {{}};
  for (const [name, run] of Object.entries(tries)) met[name] = await run().catch((error) => String(error));
  document.getElementById('done').textContent = JSON.stringify(met);
}})();
</script>"""


@contextmanager
def somebody_elses(markup: str) -> Iterator[str]:
    """A server that gives this page to all who ask; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(markup.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_page_of_somebody_else_can_neither_read_nor_write(server: Review, visitor: Visitor, tmp_path: Path) -> None:
    # Even one that has learnt the address, token and all.
    version = server.article(0)["version"]
    markup = ATTACK.format(address=server.address, version=version)
    with somebody_elses(markup) as address, visitor.expecting("request to another place", "console"), unchanged(server, tmp_path):
        page = visitor.open(address)
        done = page.locator("#done")
        expect(done).not_to_be_empty()
        met = page.evaluate("JSON.parse(document.getElementById('done').textContent)")
        failed = "TypeError: Failed to fetch"
        assert met == {"post": failed, "post unseen": failed, "read": failed, "beacon": True, "form": "sent", "framed": False}
        # The form's answer, and with it the beacon's that was sent before it, has come when the frame has loaded anew.
        page.wait_for_load_state("networkidle")


def test_a_name_that_leads_here_is_refused(server: Review, visitor: Visitor) -> None:
    # That the name cannot be trusted with headers is said too.
    with visitor.expecting("403|404", "Opener-Policy"):
        page = visitor.open(f"http://rebound.test:{server.port}{server.root}")
        assert "Reedham" not in page.content()
        assert page.evaluate(f"fetch('{server.root}api/session').then((said) => said.status)") in REFUSED
