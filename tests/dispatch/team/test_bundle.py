"""The page's modules are joined into one script, in order, or not at all."""

import re

import httpx
import pytest

from services.dispatch.team.bundle import join

MODULES = {
    "page": 'import { say } from "./words.js";\nimport * as store from "./store.js";\nsay(store);',
    "words": "const own = 1;\nexport function say() {}\nexport const NAME = own;",
    "store": (
        'import { NAME } from "./words.js";\nexport async function get() {}\nexport class A {}'
    ),
}


def test_what_is_imported_comes_first_and_names_stay_apart() -> None:
    script = join(MODULES, "page")
    order = re.findall(r"^const from_(\w+)", script, re.MULTILINE)
    assert order == ["words", "store", "page"]
    assert "return { say, NAME };" in script
    assert "return { get, A };" in script
    assert "const store = from_store;" in script
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)


@pytest.mark.parametrize(
    "line",
    ["export default 1;", 'import x from "./words.js";', 'export { a } from "./words.js";'],
)
def test_a_form_that_it_does_not_know_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="cannot join"):
        join({**MODULES, "page": line}, "page")


def test_a_circle_is_refused() -> None:
    circle = {"a": 'import { b } from "./b.js";', "b": 'import { a } from "./a.js";'}
    with pytest.raises(ValueError, match="imports itself"):
        join(circle, "a")


def test_files_are_packed_versioned_and_kept_for_ever(phone: httpx.Client) -> None:
    page = phone.get("/team").text
    (script,) = re.findall(r'<script type="module" src="([^"]+)"', page)
    answer = phone.get(script)
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    other = phone.get(re.sub(r"assets/\w+/", "assets/0/", script))
    assert other.headers["cache-control"] == "no-cache"
    assert phone.get("/team/assets/0/nothing.js").status_code == 404
    worker = phone.get("/team/worker.js")
    assert worker.headers["service-worker-allowed"] == "/team"


def test_the_page_holds_no_inline_script_or_style(phone: httpx.Client) -> None:
    page = phone.get("/team").text
    assert re.search(r"<script(?![^>]*src=)", page) is None
    assert " style=" not in page
    assert " onclick" not in page
