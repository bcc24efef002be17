"""The upload page under load: many uploads at once, how many questions awkward files ask, and kills.

    python -m benchmarks.upload_page [UPLOADS]
    python -m benchmarks.upload_page kills [KILLS]
    python -m benchmarks.upload_page people [PEOPLE]

The second kills the server again and again while decisions come in, and looks for each that it confirmed.
The third measures sliders and the session with a run of very many people, 10,000 unless told otherwise.
The first prints how long the uploads took together, how long the first page took meanwhile, the most memory
of all processes, and the questions of each file in tests/cases/inputs, the first time and for the same layout
again.
"""

import html
import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine import vocabulary_of
from inputs.samples import SAMPLE_DAY, shipped_sample
from readiness.web.shelf import About, Shelf, now
from reports.run import read_log
from rules import load_pack
from tests.company_files import write_sample_csv
from tests.web_server import Answer, Client, served_apart

CASES = Path(__file__).parents[1] / "tests" / "cases" / "inputs"


def main(uploads: int) -> None:
    with tempfile.TemporaryDirectory() as folder, served_apart(Path(folder) / "data") as running:
        client = running.client()
        _upload_at_once(client, uploads, running.process.pid)
        _count_questions(client)


def _upload_at_once(client: Client, uploads: int, server: int) -> None:
    content, done, waits, peak = shipped_sample().read_bytes(), threading.Event(), list[float](), [0]

    def watch() -> None:
        while not done.is_set():
            begun = time.perf_counter()
            assert client.get("/").status == 200
            waits.append(time.perf_counter() - begun)
            peak[0] = max(peak[0], _memory(server))
            time.sleep(0.2)

    def send(number: int) -> int:
        address = client.upload((f"ratings-{number}.xlsx", content)).headers["location"]
        return client.get(address).status

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.perf_counter()
    with ThreadPoolExecutor(uploads) as pool:
        statuses = list(pool.map(send, range(uploads)))
    seconds = time.perf_counter() - begun
    done.set()
    watcher.join()
    print(f"{statuses.count(200)} of {uploads} uploads kept and looked at in {seconds:.1f} s")
    print(f"the first page meanwhile: median {statistics.median(waits):.2f} s, longest {max(waits):.2f} s")
    print(f"memory of all processes at most: {peak[0] / 1024:.0f} MB")


def _memory(process: int) -> int:
    """In KB, of a process and those that it started; Linux alone."""
    own, children = 0, list[int]()
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            own = int(line.split()[1])
    for task in Path(f"/proc/{process}/task").iterdir():
        children += map(int, (task / "children").read_text().split())
    return own + sum(_memory(child) for child in children if Path(f"/proc/{child}").exists())


def _count_questions(client: Client) -> None:
    first, again = [], []
    for path in sorted([*CASES.glob("*.csv"), *CASES.glob("*.xlsx")]):
        numbers = []
        for turn in range(2):
            address = client.upload((path.name, path.read_bytes()), day="2026-06-30").headers["location"]
            numbers.append(client.get(address).text.count('<article class="question"'))
            if turn == 0:
                _answer_all(client, address)
        print(f"{path.name}: {numbers[0]}, then {numbers[1]}")
        first.append(numbers[0])
        again.append(numbers[1])
    print(f"questions: median {statistics.median(first)}, at most {max(first)}; again: {sum(again)} in all")


def _answer_all(client: Client, address: str) -> None:
    """Answer as somebody in a hurry: the first of the choices, or what is chosen already."""
    for _ in range(5):
        page = client.get(address).text.partition('<h2 id="run-h">')[0]
        asked = re.search(r'<form method="post" action="[^"]*/answer"[^>]*>(.*?)</form>', page, re.DOTALL)
        if asked is None:
            return
        fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', asked.group(1)))
        for name, options in re.findall(r'<select [^>]*name="([^"]*)">(.*?)</select>', asked.group(1)):
            values = re.findall(r'<option value="([^"]*)"( selected)?>', options)
            chosen = next((value for value, mark in values if mark), "")
            fields[name] = values[1][0] if chosen in ("", "?") and len(values) > 1 else chosen
        client.post(
            f"{address}/answer", {html.unescape(name): html.unescape(value) for name, value in fields.items()}
        )


def kill_often(kills: int) -> None:
    dice, confirmed, address = random.Random(18), set[str](), ""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        for kill in range(1, kills + 1):
            with served_apart(data) as running:
                client = running.client()
                client.patience = 600
                if not address:
                    content = (CASES / "manager-by-address.csv").read_bytes()
                    address = client.run(client.upload(("ratings.csv", content), day="2026-06-30"))
                place = client.get(f"{address}/session").headers["location"]
                version = re.findall(r'name="version" value="(\d+)"', client.get(place).text)[0]
                threading.Timer(dice.uniform(0.05, 1.0), running.process.kill).start()
                confirmed |= _decide_until_the_end(client, place, version, str(kill))
            made = {
                line.decision.reason for line in read_log(next((data / "runs").glob("[0-9a-f]*")) / "run")
            }
            assert confirmed <= made, confirmed - made
            print(f"{kill} kills: {len(confirmed)} decisions confirmed, {len(made)} in the log", flush=True)


def _decide_until_the_end(client: Client, place: str, version: str, mark: str) -> set[str]:
    """The reasons of the decisions that a server confirmed before it was killed."""
    confirmed = set[str]()
    try:
        for number in range(10_000):
            reason = f"{mark}.{number}"
            fields = {"decision": "insufficient_evidence", "reason_code": "other", "reason": reason}
            fields |= {"decided_by": "Panel", "version": version, "scripted": "yes"}
            answer = client.post(f"{place}/decide", fields)
            if answer.status == 200:
                confirmed.add(reason)
                version = str(json.loads(answer.text)["version"])
    except (OSError, http.client.HTTPException):
        return confirmed
    return confirmed


def measure_many(people: int) -> None:
    """How long one step of a slider takes, and the session of a run with so many people."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        address = _shelve(data, people)
        with served_apart(data) as running:
            client = running.client()
            _timed("what if: opened", lambda: client.get(f"{address}/what-if"))
            for key, values in TRIED.items():
                _timed(f"what if: a step of {key}", *(_step(client, address, key, one) for one in values))
            opened = _timed("session: opened", lambda: client.get(f"{address}/session"))
            place = opened.headers["location"]
            base, _, first = place.rpartition("/")
            _timed("session: the first person", lambda: client.get(place))
            _timed("session: the next person", *(_person(client, base, int(first) + n) for n in range(1, 21)))
            fields = {"decision": "insufficient_evidence", "reason_code": "other", "reason": "Measured"}
            fields |= {"decided_by": "Panel", "version": "0", "scripted": "yes"}
            _timed("session: a decision", *(_decision(client, base, n, fields) for n in range(30, 50)))


TRIED = {
    "bar.core": [f"{3 + step / 20:.2f}" for step in range(20)],
    "margin.near": [f"{step / 20:.2f}" for step in range(11, 31)],
    "observation.months": [str(step) for step in range(20)],
}
"""Values of sliders: 20 each."""


def _shelve(data: Path, people: int) -> str:
    """The address of a run of so many people, in a folder of data that no server has yet."""
    shelf = Shelf(data)
    received = shelf.receiving()
    write_sample_csv(
        received / "files" / "export.csv", vocabulary_of(load_pack("product_management")), people
    )
    entry = shelf.keep(received, About(created=now(), files=("export.csv",), day=SAMPLE_DAY))
    shelf.close()
    command = [sys.executable, "-m", "readiness", "assess", str(entry.files[0]), "--only-data"]
    day = ["--as-of", SAMPLE_DAY.isoformat()]
    subprocess.run([*command, *day, "--out", str(entry.run)], check=True, capture_output=True)
    return f"/runs/{entry.id}"


def _timed(name: str, *asks: Callable[[], Answer]) -> Answer:
    """Ask one after the other, print the median, and return the last answer."""
    spent = []
    for ask in asks:
        begun = time.perf_counter()
        answer = ask()
        spent.append(1000 * (time.perf_counter() - begun))
        assert answer.status < 400, answer.text
    print(f"{name}: median {statistics.median(spent):.0f} ms, longest {max(spent):.0f} ms", flush=True)
    return answer


def _step(client: Client, address: str, key: str, value: str) -> Callable[[], Answer]:
    return lambda: client.post(f"{address}/what-if", {f"set:{key}": value, "scripted": "yes"})


def _person(client: Client, base: str, number: int) -> Callable[[], Answer]:
    return lambda: client.get(f"{base}/{number}")


def _decision(client: Client, base: str, number: int, fields: dict[str, str]) -> Callable[[], Answer]:
    return lambda: client.post(f"{base}/{number}/decide", fields)


if __name__ == "__main__":
    number = int(sys.argv[2]) if len(sys.argv) > 2 else None
    if sys.argv[1:2] == ["kills"]:
        kill_often(number or 100)
    elif sys.argv[1:2] == ["people"]:
        measure_many(number or 10_000)
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
