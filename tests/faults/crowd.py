"""Clerks, collectors and vetters at work through pages, come what may; what was confirmed to them is remembered."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException

from processes.installation import Installation
from tests.faults.county import TOWNSHIPS
from tests.faults.servers import Browser
from tests.kit.actors import answers_to
from tests.kit.papers import a_picture
from tests.kit.sites import person_id

NEW = "/cases/new/%E5%90%B9%E5%93%A8"
_ENOUGH = 60
"""Clerks are faster than those who do what they raise; what is left over when the faults end is done by one alone."""
_GONE = (OSError, HTTPException)
_NOT_NOW = (409, 500, 503)
"""What the server may answer when the database has just gone, or when an unconfirmed act was done after all."""


@dataclass
class Confirmed:
    """Cases raised and tasks done, as the server said so."""

    raised: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def backlog(self) -> int:
        """About how many tasks lie open."""
        return 2 * len(self.raised) - len(self.done)

    @property
    def so_far(self) -> str:
        """In words."""
        return f"{len(self.raised)} cases, {len(self.done)} tasks done"

    def wait_for_more(self, wanted: int = 2) -> None:
        """Until so many more acts are confirmed, of either kind; on a busy machine that takes a while."""
        raised, done, until = len(self.raised), len(self.done), time.monotonic() + 120
        while time.monotonic() < until:
            if len(self.raised) >= raised + wanted and len(self.done) >= done + wanted:
                return
            time.sleep(0.02)
        raise AssertionError(f"little work was done at all; strange: {self.strange[-3:]}")


@contextmanager
def at_work(inst: Installation, port: int) -> Iterator[Confirmed]:
    """Everybody of three townships works in the meantime."""
    confirmed = Confirmed()
    acts: dict[str, Callable[[Browser, Confirmed], None]] = {
        "clerk": raise_one,
        "collector": lambda browser, told: do_open(browser, told, "collect"),
        "vetter": lambda browser, told: do_open(browser, told, "vet"),
    }
    threads = [
        threading.Thread(target=_keep_at_it, args=(act, person_id(inst, f"{post}@{unit}"), port, confirmed))
        for post, act in acts.items()
        for unit in TOWNSHIPS
    ]
    for thread in threads:
        thread.start()
    try:
        yield confirmed
    finally:
        confirmed.stopped.set()
        for thread in threads:
            thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    assert not confirmed.strange, confirmed.strange[:3]


def _keep_at_it(act: Callable[[Browser, Confirmed], None], person: str, port: int, confirmed: Confirmed) -> None:
    browser = None
    while not confirmed.stopped.is_set():
        try:
            browser = browser or Browser(port).sign_in(person)
            act(browser, confirmed)
        except (*_GONE, AssertionError):  # no page, or one without a form: the server is going down
            time.sleep(0.1)


def raise_one(browser: Browser, confirmed: Confirmed) -> None:
    """A clerk raises a matter, now and then with a photo unlike any other, unless too many lie about."""
    if confirmed.backlog > _ENOUGH:
        time.sleep(0.1)
        return
    data = {name: texts[0] for name, texts in answers_to("propose").texts.items()}
    if random.random() < 0.2:
        status, place = browser.upload(NEW, data, "photos", "a.jpg", a_picture() + random.randbytes(16))
    else:
        status, place = browser.post(NEW, data)
    _note(confirmed, confirmed.raised, status, place, place.rpartition("/")[2])
    time.sleep(0.1)


def do_open(browser: Browser, confirmed: Confirmed, step: str) -> None:
    """Whoever holds open tasks does them."""
    data = {name: list(texts) for name, texts in answers_to(step).texts.items()} | {"outcome": "forward"}
    page = browser.get("/")[1]
    for task in dict.fromkeys(part.partition('"')[0] for part in page.split('href="/tasks/')[1:]):
        if confirmed.stopped.is_set():
            return
        status, place = browser.post(f"/tasks/{task}", data)
        _note(confirmed, confirmed.done, status, place, task)
    time.sleep(0.05)


def _note(confirmed: Confirmed, among: set[str], status: int, place: str, what: str) -> None:
    with confirmed.lock:
        if status == 302:
            among.add(what)
        elif status not in _NOT_NOW:
            confirmed.strange.append(f"{status} {_reason(place)}")


def _reason(page: str) -> str:
    """What a page says is wrong with a form, or how it begins."""
    _, found, errors = page.partition('id="form-errors"')
    return re.sub(r"<[^>]*>|\s+", " ", errors)[:500] if found else page[:500]
