"""Takes arguments and records; runs rolecall by its command line, and writes and reads its files."""

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from marked import Record


def rolecall(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [os.environ["ROLECALL"], *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def write_records(path: Path, records: Iterable[Record]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            print(json.dumps(record, ensure_ascii=False), file=file)
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    # Not str.splitlines, which cuts at U+2028 too.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
