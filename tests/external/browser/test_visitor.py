"""The visitor itself: what it is to notice, it notices."""

from pathlib import Path

import pytest

from accessibility import faults
from visitor import Visitor

POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'

WRONG = {
    "exception": ("<script>throw new Error('on purpose')</script>", "exception: .*on purpose"),
    "promise": ("<script>Promise.reject(new Error('on purpose'))</script>", "exception: .*on purpose"),
    "console": ("<script>console.error('on purpose')</script>", "console: on purpose"),
    "policy": (f"{POLICY}<p style='color: red'>", "console: .*Content Security Policy"),
    "network": ("<img src='http://127.0.0.1:9/x.png'>", "request to another place: http://127.0.0.1:9/x.png"),
    "other file": ("<img src='other.png'>", "request to another place: file:.*other.png"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_goes_wrong_unseen_is_noticed(visitor: Visitor, tmp_path: Path, wrong: str) -> None:
    markup, noticed = WRONG[wrong]
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><title>x</title>{markup}", encoding="utf-8")
    with visitor.expecting(noticed, *(["console: .*ERR_"] if "img" in markup else [])):
        page = visitor.open(path)
        page.wait_for_load_state()
        page.evaluate("new Promise((done) => setTimeout(done))")


def test_axe_sees_faults_through_a_policy(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    markup = "<main><h1>x</h1><button></button></main>"
    path.write_text(f"<!doctype html><html lang='en'><title>x</title>{POLICY}{markup}", encoding="utf-8")
    page = visitor.open(path)
    assert [fault.split(":")[0] for fault in faults(page)] == ["button-name"]
