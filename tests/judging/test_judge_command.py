"""`pave rollout judge`: its words, its report, and how it ends."""

import json
import socketserver
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from jsonschema import Draft202012Validator

from pave.reports.schemas import published
from tests.command import pave
from tests.judging.recorded import age, answer, counts, earlier, level

HERE = Path(__file__).parent
GOOD = answer(age(900), *counts((11_400, 11), (57_000, 57)), *earlier([0, 1e-4, -1e-4, 2e-4, 0, 1e-4]))
BAD = answer(
    age(900),
    *counts((11_400, 1_140), (57_000, 57)),
    *counts((900, 2), (9_000, 20), signal="renewal-reminder-execution"),
    *earlier([0, 1e-4, -1e-4, 2e-4, 0, 1e-4]),
)
FEW = answer(age(900), *counts((20, 0), (100, 0)))
LEAK = answer(
    age(900),
    *counts((11_400, 11), (57_000, 57)),
    level("memory", 1.2),
    *earlier([0, 0.1, -0.1, 0.05, 0], signal="memory"),
)
BEFORE = answer(
    *counts((9e6, 900), (9e7, 9_000), signal="web-errors", workload="web", version="", window="5m")
)
NOBODY = answer()
CASES = {"good": GOOD, "bad": BAD, "few": FEW, "leak": LEAK, "before-and-after": BEFORE, "nobody": NOBODY}


@pytest.mark.parametrize(
    ("name", "code"),
    [("good", 0), ("bad", 1), ("few", 3), ("leak", 3), ("before-and-after", 0), ("nobody", 3)],
)
def test_it_says_what_decided_and_ends_by_the_table(
    home: Path, tmp_path: Path, name: str, code: int, golden: Callable[[Path, str], None]
) -> None:
    file = tmp_path / "verdict.json"
    file.write_text(CASES[name])
    done = pave(home, "rollout", "judge", "customersdot", "--from", str(file))
    assert done.exit_code == code, done.output
    golden(HERE / "golden" / f"{name}.txt", done.stdout)


def test_the_report_meets_its_schema_and_says_the_same(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "verdict.json"
    file.write_text(BAD)
    done = pave(home, "rollout", "judge", "customersdot", "--from", str(file), "--format", "json")
    report = json.loads(done.stdout)
    Draft202012Validator(json.loads(published("VerdictReport").read_text("utf-8"))).validate(report)
    (deploy,) = report["deploys"]
    assert (report["outcome"], deploy["outcome"], deploy["normality"]) == ("fail", "fail", "unlike any")
    assert deploy["decidedBy"] == "provision-subscription-execution"
    assert [each["outcome"] for each in deploy["signals"]] == ["fail", "pass"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Say where it was measured"),
        (["--url", "http://127.0.0.1:9", "--from", "verdict.json"], "Say where it was measured"),
        (["--url", "ftp://metrics.acme.example"], "is no address"),
        (["--from", "nowhere.json"], "can't be read"),
    ],
)
def test_without_an_answer_there_is_no_verdict(home: Path, words: list[str], message: str) -> None:
    done = pave(home, "rollout", "judge", "customersdot", *words)
    assert (done.exit_code, message in done.stderr) == (2, True), done.output


@pytest.mark.parametrize("text", ["", "[]", '{"status": "error"}', "<html>"])
def test_what_is_no_answer_is_unusable(home: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "verdict.json"
    file.write_text(text)
    done = pave(home, "rollout", "judge", "customersdot", "--from", str(file))
    assert (done.exit_code, "no answer of Prometheus" in done.stderr) == (2, True)


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-1", "much", "1e300"])
@pytest.mark.parametrize("name", ["new_events", "new_bad", "old_events", "old_bad"])
def test_a_count_that_is_none_never_passes(home: Path, tmp_path: Path, name: str, value: str) -> None:
    file = tmp_path / "verdict.json"
    told = json.loads(GOOD)
    for series in told["data"]["result"]:
        if series["metric"]["__name__"] == f"rollout:{name}":
            series["value"][1] = value
    file.write_text(json.dumps(told))
    assert pave(home, "rollout", "judge", "customersdot", "--from", str(file)).exit_code == 3


GOOD_COUNTS = (11_400.0, 11.0), (57_000.0, 57.0)
MOST_EXCUSED = [1e10, -1e10] * 14
UNUSABLE = {
    "a part is missing": answer(age(900), *counts(*GOOD_COUNTS)[:-1]),
    "nothing but an age": answer(age(900)),
    "a window of nobody's": answer(age(900), *counts(*GOOD_COUNTS, window="17y")),
    "a workload of nobody's": answer(age(900, "gone"), *counts(*GOOD_COUNTS, workload="gone")),
    "a signal of nobody's": answer(age(900), *counts(*GOOD_COUNTS, signal="gone")),
    "nothing came": answer(age(900), *counts((0, 0), (0, 0))),
    "all was bad before": answer(age(900), *counts((11_400, 11_400), (57_000, 57_000))),
}


@pytest.mark.parametrize("why", UNUSABLE)
def test_what_says_nothing_of_it_is_no_pass(home: Path, tmp_path: Path, why: str) -> None:
    file = tmp_path / "verdict.json"
    file.write_text(UNUSABLE[why])
    done = pave(home, "rollout", "judge", "customersdot", "--from", str(file))
    assert (done.exit_code, "INCONCLUSIVE" in done.stdout) == (3, True), done.output


@pytest.mark.parametrize(
    ("new", "old", "said"),
    [
        ((11_400, 0), (0, 0), "Nothing to compare with: in 10m nothing else was counted"),
        (
            (11_400, 11_400),
            (57_000, 57_000),
            "Too much is bad already to tell: 100 % of the old version's 57,000",
        ),
        ((20, 0), (100, 0), "Too few events: of 20"),
    ],
)
def test_why_nobody_knows_is_said(
    home: Path, tmp_path: Path, new: tuple[float, float], old: tuple[float, float], said: str
) -> None:
    file = tmp_path / "verdict.json"
    file.write_text(answer(age(900), *counts(new, old)))
    done = pave(home, "rollout", "judge", "customersdot", "--from", str(file))
    assert said in " ".join(done.stdout.split())


def test_earlier_changes_that_no_share_can_have_excuse_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "verdict.json"
    file.write_text(answer(age(900), *counts((11_400, 1_140), (57_000, 57)), *earlier(MOST_EXCUSED)))
    assert pave(home, "rollout", "judge", "customersdot", "--from", str(file)).exit_code == 1


@pytest.mark.parametrize("order", [1, -1])
def test_what_two_servers_have_counted_is_not_mixed(home: Path, tmp_path: Path, order: int) -> None:
    many, few = counts((11_400, 1_140), (57_000, 57)), counts((1_140, 0), (5_700, 5))
    for each, name in ((many, "a"), (few, "b")):
        for one in each:
            one["metric"]["replica"] = name
    mixed = [one for pair in zip(many, few, strict=True) for one in pair][::order]
    file = tmp_path / "verdict.json"
    file.write_text(answer(age(900), *mixed))
    done = pave(home, "rollout", "judge", "customersdot", "--from", str(file))
    assert done.exit_code == 1
    assert "10 % of 11,400" in " ".join(done.stdout.split())


def test_a_server_is_asked_once_and_its_answer_can_be_kept(home: Path, tmp_path: Path) -> None:
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.extend(parse_qs(self.path.partition("?")[2])["query"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(BAD.encode())

        def log_message(self, *_: object) -> None:
            pass

    kept = tmp_path / "kept.json"
    with socketserver.TCPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        done = pave(home, "rollout", "judge", "customersdot", "--url", url, "--save", str(kept))
        server.shutdown()
    assert done.exit_code == 1, done.output
    assert len(asked) == 1
    assert 'service="customersdot"' in asked[0]
    again = pave(home, "rollout", "judge", "customersdot", "--from", str(kept))
    assert again.stdout == done.stdout


def test_a_change_of_copies_that_is_beyond_all_bounds_has_somebody_look(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "verdict.json"
    more = (level("memory", 1e308), *earlier([0.0] * 6, signal="memory"))
    file.write_text(answer(age(900), *counts(*GOOD_COUNTS), *more))
    assert pave(home, "rollout", "judge", "customersdot", "--from", str(file)).exit_code == 3
