"""One browser for the tests of a file that need no more than the desk's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from werkzeug.serving import make_server

from tests.desk.conftest import house  # noqa: F401 - a fixture
from tests.desk.desk_house import PASSWORDS, House
from tests.support import chromium

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

expect.set_options(timeout=15_000)  # other tests share the cores


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


def in_one_piece(app: WSGIApplication) -> WSGIApplication:
    """Answers that are read and closed before they are sent: werkzeug's server leaves the file of an answer open when
    the browser goes to another page in the middle of it."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            if hasattr(body, "close"):
                body.close()

    return answer


@pytest.fixture
def desk(house: House) -> Iterator[str]:  # noqa: F811
    """The address of a desk that is served here; nothing live."""
    server = make_server("127.0.0.1", 0, in_one_piece(house.app), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def signed_in(browser: Browser, desk: str, username: str, live: Callable[[Route], None]) -> Iterator[Page]:
    """A page of this person's at 1440 pixels; `live` answers for the event stream."""
    with browser.new_context(base_url=desk, viewport={"width": 1440, "height": 1000}, locale="en-GB") as context:
        page = context.new_page()
        page.route("**/live/events*", live)
        page.goto("/desk/sign-in")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORDS[username])
        page.locator("form[action*=sign-in] button").first.click()
        yield page


@pytest.fixture
def supervisor(browser: Browser, desk: str) -> Iterator[Page]:
    # a stream would outlive the stores that it reads
    with signed_in(browser, desk, "marc", lambda route: route.abort()) as page:
        yield page
