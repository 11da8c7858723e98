"""The measured site: the bench's county in an empty database, its people signed in, its forms as requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from engine.model import read_folder
from engine.store.tables import OfferRow, TaskRow
from processes.accounts import enter_as_demo
from processes.installation import Installation
from processes.people import Me
from tests.bench.wire import Request, Wire, get, post
from tests.kit.sites import a_person, a_site
from web.serving import set_up
from web.settings import Settings

COUNTY = Path(__file__).parent / "county"
TOWNSHIPS = ("east", "south", "west", "north")
REVIEWERS = ("finance", "works", "law")


@dataclass(frozen=True)
class Site:
    """An installation that can be served, and where it is."""

    inst: Installation
    settings: Settings


@contextmanager
def a_measured_site(data: Path, url: str) -> Iterator[Site]:
    """The bench's county, opened first, so that it is the one the pages show."""
    data.mkdir(parents=True, exist_ok=True)
    a_site(data, url, folder=read_folder(COUNTY)).db.close()
    settings = Settings(data=data, database=url, demo=True)
    inst = set_up(settings)
    yield Site(inst, settings)
    inst.db.close()


@dataclass(frozen=True)
class Visitor:
    """A signed-in browser as far as a server sees one: its cookies and its form token."""

    cookies: str
    token: str

    def look(self, path: str) -> Request:
        """Ask for a page."""
        return get(path, self.cookies)

    def send(self, path: str, **fields: str) -> Request:
        """Send a form."""
        return post(path, [("csrf_token", self.token), *fields.items()], self.cookies)


def sign_in(site: Site, port: int, by: str, person: str = "") -> Visitor:
    """The holder of post@unit (made up when a name is given), signed in, with a form token."""
    me = a_person(site.inst, person or by, by)
    cookies = f"whistle={_enter(site, me)}"
    wire = Wire(port)
    page = wire.ask(get("/account/", cookies))
    wire.close()
    own = [value.partition(";")[0] for value in page.header("Set-Cookie")]
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page.body.decode())[0]
    return Visitor("; ".join([cookies, *own]), token)


def raising(visitor: Visitor, subject: str = "") -> Request:
    """A new case, called by this or by a name of its own."""
    return visitor.send("/cases/new/申请", subject=subject or f"开设门店 {uuid4().hex[:12]}", outcome="submit")


def examining(visitor: Visitor, task_id: str) -> Request:
    """The form that opens three reviews; every text is unlike the others, so that nothing is kept only once."""
    return visitor.send(
        f"/tasks/{task_id}",
        parcel="999901-0417",
        amount="1200",
        findings=f"现场查看 {uuid4().hex}，地块四至清楚，与规划一致，邻里没有异议，资料齐全。" * 2,
        outcome="submit",
    )


def reviewing(visitor: Visitor, task_id: str) -> Request:
    """One of the three reviews."""
    return visitor.send(f"/tasks/{task_id}", opinion=f"同意。已核对 {uuid4().hex}，符合本部门要求。", outcome="submit")


def open_tasks(site: Site, step: str, cases: list[str]) -> dict[tuple[str, str], str]:
    """Ids of the open tasks of a step by (case id, unit that holds it)."""
    query = (
        select(TaskRow.case_id, OfferRow.unit, TaskRow.id)
        .join(OfferRow, OfferRow.task_id == TaskRow.id)
        .where(TaskRow.state == "open", TaskRow.step == step, TaskRow.case_id.in_(cases))
    )
    with site.inst.db.read() as session:
        return {(case, unit): task for case, unit, task in session.execute(query)}


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def me_of(site: Site, by: str) -> Me:
    """Who holds post@unit."""
    return a_person(site.inst, by, by)


def _enter(site: Site, me: Me) -> str:
    return enter_as_demo(site.inst, me.county, me.id, now=now(), browser="bench")
