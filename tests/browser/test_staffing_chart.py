"""The chart of the staffing page draws what its table says, also where there is no answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# The columns of the drawing (as shares of the plot's width) that hold the colour of a token, with their mean height.
_PAINTED = """(token) => {
  const canvas = document.querySelector("#staffing-chart canvas");
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
  const { width, height } = canvas;
  const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const columns = [];
  for (let x = 0; x < width; x++) {
    let sum = 0, n = 0;
    for (let y = 0; y < height; y++) {
      const i = 4 * (y * width + x);
      if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12) { sum += y; n++; }
    }
    if (n) columns.push([x / width, 1 - sum / n / height]);
  }
  return columns;
}"""


@pytest.fixture
def page(supervisor: Page) -> Page:
    supervisor.goto("/desk/staffing")
    expect(supervisor.locator("#staffing-chart canvas")).to_be_visible()
    return supervisor


def painted(page: Page, token: str) -> list[tuple[float, float]]:
    return [(x, y) for x, y in page.evaluate(_PAINTED, token)]


def test_the_curve_rises_from_where_the_queue_no_longer_grows(page: Page) -> None:
    curve = painted(page, "--accent")
    overloaded = painted(page, "--bad-soft")
    assert curve[0][1] < curve[-1][1] - 0.2, "more operators answer more in time"
    assert overloaded, "8, 9 and 10 operators are not enough"
    assert overloaded[-1][0] < curve[0][0], "no curve where there is no answer"
    # 8 to 20 operators, of whom 11 is the first with an answer: the curve begins at a quarter of the plot
    left, right = overloaded[0][0], curve[-1][0]
    assert (curve[0][0] - left) / (right - left) == pytest.approx(3 / 12, abs=0.03)


def test_it_follows_what_is_typed_with_the_keyboard_alone(page: Page) -> None:
    patience = page.get_by_label("Patience of a caller", exact=False)
    page.get_by_label("Calls in the interval").focus()
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(patience).to_be_focused()
    page.keyboard.type("300")
    expect(page.locator("#staffing-table")).to_contain_text("Give up")
    expect(page.locator("#staffing-table [colspan]")).to_have_count(0)
    page.wait_for_function(f"!({_PAINTED})('--bad-soft').length")
    assert painted(page, "--accent"), "with patience every number of operators has an answer"
    expect(patience).to_be_focused()


def test_what_the_chart_shows_is_said_in_words_and_in_a_table(page: Page) -> None:
    chart = page.get_by_role(
        "img", name="With 14 operators 88.8% are answered in time. With 10 or fewer the queue grows"
    )
    expect(chart).to_be_visible()
    rows = page.get_by_role("table", name="Answered in time, by number of operators").get_by_role("row")
    expect(rows.filter(has=page.get_by_role("rowheader", name="10", exact=True))).to_contain_text("Overloaded")
    expect(rows.filter(has=page.get_by_role("rowheader", name="14", exact=True))).to_contain_text("88.8%")
