"""Signing in and out: argon2id passwords, a lock-out that every web process shares, visits that can be ended."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.store.prepared import Prepared
from processes.installation import Installation
from processes.pack import Pack
from processes.people import Me, Posting, me_of
from processes.queries.counties import only_county
from processes.staff import note_change
from processes.tables import CountyRow, LockoutRow, PersonRow, PostingRow, VisitRow

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
VISIT_LASTS = timedelta(hours=12)
VISIT_IDLE = timedelta(hours=2)
SHORTEST_PASSWORD = 10
_SEEN_EVERY = timedelta(minutes=5)
_hasher = PasswordHasher()

_VISIT = Prepared(  # asked by every request
    select(
        VisitRow.county,
        VisitRow.person,
        VisitRow.seen_at,
        VisitRow.ends_at,
        PersonRow.name,
        CountyRow.digest,
        CountyRow.notices,
        PostingRow.post,
        PostingRow.unit,
    )
    .join(PersonRow, and_(PersonRow.county == VisitRow.county, PersonRow.id == VisitRow.person))
    .join(CountyRow, CountyRow.code == VisitRow.county)
    .outerjoin(PostingRow, and_(PostingRow.county == VisitRow.county, PostingRow.person == VisitRow.person))
    .where(VisitRow.token == bindparam("token"))
)


class WrongPassword(Rejected):
    """The account or the password is wrong."""

    code = "wrong_password"
    message = "账号或密码不正确。"
    advice = "请重新输入；连续输错 5 次将锁定 15 分钟。"


class LockedOut(Rejected):
    """Too many failed sign-ins."""

    code = "locked_out"
    message = "连续输错次数过多，账号已锁定，{until} 后可再试。"
    advice = "如不是您本人操作，请立即联系本单位管理员。"


class WeakPassword(Rejected):
    """The new password is too short or too plain."""

    code = "weak_password"
    message = "新密码至少 10 位，并且不能与账号相同或只有一种字符。"
    advice = "请换一个密码，可以用一句自己记得住的话。"


class NoSuchPost(Rejected):
    """There is no such post at this unit."""

    code = "no_such_post"
    message = "没有 {post} 这个岗位。"
    advice = "写成 岗位@单位，编码见县文件夹的 posts.csv 和 units.csv，例如 triager@whistle_office。"


class LoginTaken(Rejected):
    """The account name is taken."""

    code = "login_taken"
    message = "账号 {login} 已经有人使用。"
    advice = "请换一个账号。"


class NotADemo(Rejected):
    """One-click sign-in is not open here."""

    code = "not_a_demo"
    message = "这里没有开放演示登录。"
    advice = "请用账号和密码登录。"


@dataclass(frozen=True)
class Visit:
    """A signed-in person."""

    me: Me
    pack: Pack
    token_hash: str
    seen_at: datetime


def enter(inst: Installation, county: str, login: str, password: str, *, now: datetime, browser: str) -> str:
    """Sign in with a password; returns the visit's token. Raises WrongPassword, LockedOut."""
    with inst.db.read() as session:
        _refuse_locked(session, inst, county, login, now)
        person = session.scalar(select(PersonRow).where(PersonRow.county == county, PersonRow.login == login))
    fits = _fits(person.password if person else None, password)  # slow on purpose, so outside any transaction
    with inst.db.write() as session:
        _refuse_locked(session, inst, county, login, now)
        if person is not None and fits:
            session.execute(delete(LockoutRow).where(LockoutRow.county == county, LockoutRow.login == login))
            return _begin_visit(session, county, person.id, now, browser)
        _count_failure(session, county, login, now)
    raise WrongPassword


def enter_as_demo(inst: Installation, county: str, person_id: str, *, now: datetime, browser: str) -> str:
    """One click in a demonstration; only for made-up people, and only where the demo switch is on."""
    with inst.db.write() as session:
        person = session.get(PersonRow, (county, person_id))
        if not inst.demo or person is None or not person.is_demo:
            raise NotADemo
        return _begin_visit(session, county, person.id, now, browser)


def leave(inst: Installation, token: str) -> None:
    """End a visit."""
    with inst.db.write() as session:
        session.execute(delete(VisitRow).where(VisitRow.token == _hash(token)))


def find_visit(inst: Installation, session: Session, token: str, *, now: datetime) -> Visit | None:
    """Who this token belongs to, in which county, while the visit lasts; one query."""
    token_hash = _hash(token)
    rows = _VISIT.rows(session, {"token": token_hash})
    if not rows:
        return None
    visit = rows[0]
    if visit.ends_at <= now or visit.seen_at + VISIT_IDLE <= now:
        return None
    inst.heed(visit.county, visit.notices)
    pack = inst.pack(session, visit.county, visit.digest)
    held = [Posting(row.post, row.unit) for row in rows if row.post is not None]
    return Visit(me_of(visit.person, visit.name, held, pack), pack, token_hash, visit.seen_at)


def touch(inst: Installation, visit: Visit, *, now: datetime) -> None:
    """Remember that the visitor was here; written at most every few minutes."""
    if visit.seen_at + _SEEN_EVERY <= now:
        with inst.db.write() as session:
            session.execute(update(VisitRow).where(VisitRow.token == visit.token_hash).values(seen_at=now))


def add_person(inst: Installation, login: str, name: str, posts: list[str], password: str) -> str:
    """Add a person with an account and posts (post@unit); returns their id.

    For the first people of a county; people from a sheet come with the administration pages. Raises NoSuchPost,
    LoginTaken, WeakPassword.
    """
    _refuse_weak(login, password)
    with inst.db.write() as session:
        pack = only_county(inst, session)
        held = [post.partition("@")[::2] for post in posts]
        for post, unit in held:
            if post not in pack.posts or unit not in pack.units or pack.posts[post].unit_kind != pack.units[unit].kind:
                raise NoSuchPost(post=f"{post}@{unit}")
        if session.scalar(select(PersonRow.id).where(PersonRow.county == pack.code, PersonRow.login == login)):
            raise LoginTaken(login=login)
        person = PersonRow(county=pack.code, id=uuid4().hex, login=login, name=name, password=hash_password(password))
        session.add(person)
        session.flush()
        session.add_all(PostingRow(county=pack.code, person=person.id, post=post, unit=unit) for post, unit in held)
        note_change(session, pack.code)
        return person.id


def change_password(inst: Installation, visit: Visit, old: str, new: str) -> None:
    """Change one's own password and end every other visit; raises WrongPassword, WeakPassword."""
    me = visit.me
    with inst.db.write() as session:
        person = session.get_one(PersonRow, (me.county, me.id))
        if not _fits(person.password, old):
            raise WrongPassword
        _refuse_weak(person.login, new)
        person.password = hash_password(new)
        others = (VisitRow.county == me.county, VisitRow.person == me.id, VisitRow.token != visit.token_hash)
        session.execute(delete(VisitRow).where(*others))


def end_other_visits(inst: Installation, visit: Visit) -> None:
    """End every visit of this person but this one."""
    me = visit.me
    others = (VisitRow.county == me.county, VisitRow.person == me.id, VisitRow.token != visit.token_hash)
    with inst.db.write() as session:
        session.execute(delete(VisitRow).where(*others))


def end_visit(inst: Installation, me: Me, token_hash: str) -> None:
    """End one of one's own visits, on another device."""
    mine = (VisitRow.county == me.county, VisitRow.person == me.id, VisitRow.token == token_hash)
    with inst.db.write() as session:
        session.execute(delete(VisitRow).where(*mine))


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def _refuse_weak(login: str, password: str) -> None:
    if len(password) < SHORTEST_PASSWORD or len(set(password)) < 4 or login in password:
        raise WeakPassword


def _fits(kept: str | None, password: str) -> bool:
    """Whether the password is right; as slow for an unknown account as for a known one."""
    try:
        return _hasher.verify(kept or _decoy(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


_decoys: list[str] = []


def _decoy() -> str:
    if not _decoys:
        _decoys.append(_hasher.hash(secrets.token_hex()))
    return _decoys[0]


def _refuse_locked(session: Session, inst: Installation, county: str, login: str, now: datetime) -> None:
    row = session.get(LockoutRow, (county, login))
    if row is not None and row.locked_until is not None and row.locked_until > now:
        until = row.locked_until.astimezone(inst.current_pack(session, county).calendar.zone)
        raise LockedOut(until=f"{until:%H:%M}")


def _count_failure(session: Session, county: str, login: str, now: datetime) -> None:
    key = (county, login[:60])
    row = session.get(LockoutRow, key, with_for_update=True)
    if row is None:
        session.get_one(CountyRow, county, with_for_update=True)  # else two at once would both begin to count
        row = session.get(LockoutRow, key, with_for_update=True)
    if row is None:
        session.add(LockoutRow(county=county, login=login[:60], failures=1, last_at=now))
        return
    row.failures = 1 if row.last_at + LOCKED_FOR <= now else row.failures + 1
    row.last_at = now
    row.locked_until = now + LOCKED_FOR if row.failures >= FAILURES_ALLOWED else None


def _begin_visit(session: Session, county: str, person: str, now: datetime, browser: str) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        VisitRow(
            token=_hash(token),
            county=county,
            person=person,
            began_at=now,
            seen_at=now,
            ends_at=now + VISIT_LASTS,
            browser=browser[:200],
        )
    )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
