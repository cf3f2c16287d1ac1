"""`kpi FILE.csv` reads a log of anywhere, and says which line it cannot use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands_reporting import kpi

HEADER = "queue,entered_at,outcome,wait_s"
GOOD = "internet,2026-11-23T09:00:00+01:00,answered,12.5"


def run(folder: Path, content: str | bytes, *options: str) -> tuple[Result, Path]:
    file = folder / "calls.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(kpi, [str(file), *options]), file


def figures(folder: Path, content: str | bytes, *options: str) -> dict[str, object]:
    result, _ = run(folder, content, "--json", *options)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    loaded: dict[str, object] = json.loads(result.stdout)
    return loaded


def test_the_figures_are_one_json_object_with_the_agreed_keys(tmp_path: Path) -> None:
    content = f"{HEADER},talk_s,wrap_up_s\n{GOOD},60,15\ninternet,2026-11-23T09:05:00Z,abandoned,4,,\n"
    percentiles = {"p50": 12.5, "p80": 12.5, "p90": 12.5, "p95": 12.5}
    assert figures(tmp_path, content, "--threshold-s", "20", "--short-abandon-s", "5") == {
        "offered": 2,
        "answered": 1,
        "abandoned": 1,
        "other": 0,
        "service_level": {
            "offered": 0.5,
            "answered": 1.0,
            "neutral": 1.0,
            "negative": 0.5,
            "positive": 1.0,
            "short_excluded": 1.0,
        },
        "asa_s": 12.5,
        "mean_wait_s": 8.25,
        "abandonment": 0.5,
        "abandonment_short_excluded": 0.0,
        "wait_percentiles_s": {"answered": percentiles, "all": {**percentiles, "p50": 4.0}},
        "longest_wait_s": 12.5,
        "att_s": 60.0,
        "aht_s": 75.0,
    }


def test_columns_come_in_any_order_and_unknown_ones_are_ignored(tmp_path: Path) -> None:
    content = "note,wait_s,outcome,ring_s,queue,entered_at\nhello,9,answered,1,internet,2026-11-23 09:00\n"
    assert figures(tmp_path, content)["asa_s"] == 10.0


def test_a_spreadsheets_byte_order_mark_line_ends_and_blank_lines_are_fine(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + f"{HEADER}\r\n\r\n{GOOD}\r\n\r\n".encode()
    assert figures(tmp_path, content)["offered"] == 1


def test_a_header_alone_is_no_data(tmp_path: Path) -> None:
    result = figures(tmp_path, HEADER + "\n")
    assert result["offered"] == 0
    assert result["asa_s"] is None
    assert result["wait_percentiles_s"] == {
        over: {"p50": None, "p80": None, "p90": None, "p95": None} for over in ("answered", "all")
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("internet,2026-11-23T09:00:00Z,answered,soon", "wait_s 'soon' is not a number of seconds."),
        ("internet,2026-11-23T09:00:00Z,answered,-1", "wait_s '-1' is negative; a time is zero or more."),
        ("internet,2026-11-23T09:00:00Z,answered,nan", "wait_s 'nan' is not a number of seconds."),
        ("internet,2026-11-23T09:00:00Z,answered,inf", "wait_s 'inf' is not a number of seconds."),
        ("internet,2026-11-23T09:00:00Z,answered,1e999", "wait_s '1e999' is longer than a call can be."),
        ("internet,2026-11-23T09:00:00Z,answered,1_0", "wait_s '1_0' is not a number of seconds."),
        ("internet,2026-11-23T09:00:00Z,answered,", "wait_s is empty."),
        (",2026-11-23T09:00:00Z,answered,1", "queue is empty."),
        (
            "internet,2026-11-23T09:00:00Z,lost,1",
            "The outcome 'lost' is unknown; "
            "use one of answered, abandoned, callback, voicemail, overflow, closed, failed.",
        ),
        (
            "internet,yesterday,answered,1",
            "entered_at 'yesterday' is not a moment such as 2026-11-23T09:00:00+01:00.",
        ),
        (
            "internet,0001-01-01T00:00:00+14:00,answered,1",
            "entered_at '0001-01-01T00:00:00+14:00' is not a moment such as 2026-11-23T09:00:00+01:00.",
        ),
        ("internet,2026-11-23T09:00:00Z,answered", "The row has 3 cells, the header names 4."),
        (f"{GOOD},7", "The row has 5 cells, the header names 4."),
    ],
)
def test_a_row_that_is_wrong_is_named_by_file_and_line(tmp_path: Path, row: str, sentence: str) -> None:
    result, file = run(tmp_path, f"{HEADER}\n{GOOD}\n{row}\n", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{file}:3: {sentence}\n"


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        (b"", 1, "The file is empty; its first line must name the columns queue, entered_at, outcome, wait_s."),
        (b"queue,outcome,wait_s\n", 1, "The column is missing: entered_at."),
        (b"queue;entered_at;outcome;wait_s\n", 1, "The columns are missing: queue, entered_at, outcome, wait_s."),
        (b"queue,entered_at,outcome,wait_s,wait_s\n", 1, "The column wait_s is there twice."),
        (HEADER.encode() + b"\ncaf\xe9,2026-11-23T09:00:00Z,answered,1\n", 2, "This line is not UTF-8 text."),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, line: int, sentence: str
) -> None:
    result, file = run(tmp_path, content, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{file}:{line}: {sentence}\n"


def test_the_line_of_a_row_is_right_after_a_cell_of_two_lines(tmp_path: Path) -> None:
    content = f'{HEADER},note\n{GOOD},"two\nlines"\ninternet,2026-11-23T09:00:00Z,answered,x,\n'
    result, file = run(tmp_path, content)
    assert result.stderr.startswith(f"{file}:4: ")
    result, file = run(tmp_path, f'{HEADER}\n{GOOD}\n"internet,2026\n')
    assert (result.exit_code, result.stderr.startswith(f"{file}:3: ")) == (2, True)


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "many"])
def test_a_threshold_must_be_seconds(tmp_path: Path, value: str) -> None:
    result, _ = run(tmp_path, HEADER, "--threshold-s", value)
    assert result.exit_code == 2


def test_the_table_names_the_variants_the_thresholds_and_the_boundary(tmp_path: Path) -> None:
    result, _ = run(tmp_path, f"{HEADER}\n{GOOD}\n", "--threshold-s", "150")
    for words in ("T = 150 s", "s = 5 s", "A(w<=T) / N", "short-excluded", "100.00 %", "no data", "w <= T is within"):
        assert words in result.stdout
