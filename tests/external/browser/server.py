"""Takes the arguments of `rolecall review`; gives the running server, its address, and what it answers to requests that no
browser would send."""

import json
import os
import select
import signal
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

PATIENCE = 30


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Review:
    def __init__(self, errors: Path, *arguments: str | Path) -> None:
        self.errors = errors
        self.path = Path(arguments[0])
        self.answers = self.path.with_suffix(".answers.jsonl")
        command = [os.environ["ROLECALL"], "review", *map(str, arguments), "--no-open"]
        if "--port" not in command:
            command += ["--port", "0"]
        with errors.open("w") as said:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True)
        self.address = self._said_address()
        parts = urlsplit(self.address)
        assert parts.scheme == "http" and parts.hostname == "127.0.0.1" and parts.port, self.address
        self.port = parts.port
        self.root = parts.path  # with the token, and a slash at either end
        self.origin = f"http://127.0.0.1:{self.port}"

    def has_read_all(self) -> "Review":
        """Waits until the file is read, which begins when the address is printed."""
        end = time.monotonic() + PATIENCE
        while self.get("api/session").json()["reading"]:
            assert time.monotonic() < end, "the file is still being read"
            time.sleep(0.02)
        return self

    def _said_address(self) -> str:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        said = self._process.stdout.readline().strip() if ready else ""
        assert said.startswith("http://"), f"no address: {said!r}\n{self.errors.read_text()}"
        return said

    def kill(self) -> None:
        """As a power cut would: nothing can be written any more."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        self._process.send_signal(by)
        return self._process.wait(PATIENCE)

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """Sends just this: a Host only if it is among the headers. The path is as it is, without the token."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """As a browser would: below the token."""
        return self.request("GET", self.root + path, headers={"Host": f"127.0.0.1:{self.port}", **headers})

    def post(self, path: str, what: Any, **headers: str) -> Answer:
        """As the page would."""
        sent = {"Host": f"127.0.0.1:{self.port}", "Origin": self.origin, "Content-Type": "application/json", **headers}
        return self.request("POST", self.root + path, json.dumps(what).encode(), sent)

    def article(self, number: int) -> Any:
        answer = self.get(f"api/articles/{number}")
        assert answer.status == 200, answer
        return answer.json()

    def decide(self, number: int, decision: dict[str, Any]) -> Any:
        """As another tab of the same reviewer would."""
        answer = self.post(f"api/articles/{number}", {"version": self.article(number)["version"], "decision": decision})
        assert answer.status == 200, answer
        return answer.json()
