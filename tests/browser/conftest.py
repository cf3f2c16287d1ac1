"""One browser for the tests of a file that need no more than the desk's pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.desk.conftest import house  # noqa: F401 - a fixture
from tests.desk.desk_house import PASSWORDS, House
from tests.support import chromium

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


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
def supervisor(browser: Browser, house: House) -> Iterator[Page]:  # noqa: F811
    """A supervisor's page, signed in at a desk that is served here; nothing live."""
    server = make_server("127.0.0.1", 0, in_one_piece(house.app), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    page = browser.new_context(base_url=url, viewport={"width": 1440, "height": 1000}, locale="en-GB").new_page()
    page.route("**/live/events*", lambda route: route.abort())  # a stream would outlive the stores that it reads
    page.goto("/desk/sign-in")
    page.locator("[name=username]").fill("marc")
    page.locator("[name=password]").fill(PASSWORDS["marc"])
    page.locator("form[action*=sign-in] button").first.click()
    yield page
    page.context.close()
    server.shutdown()
    thread.join()
    server.server_close()
