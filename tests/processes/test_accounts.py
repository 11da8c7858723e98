"""Signing in and out: passwords, the lock-out, visits that end, and the demonstration's door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.accounts import (
    LockedOut,
    NotADemo,
    Visit,
    WeakPassword,
    WrongPassword,
    change_password,
    end_other_visits,
    end_visit,
    enter,
    enter_as_demo,
    find_visit,
    hash_password,
    leave,
    touch,
)
from processes.installation import Installation
from processes.tables import LockoutRow, PersonRow, VisitRow
from tests.kit.passwords import AS_SHIPPED
from tests.kit.sites import a_site, person_id

COUNTY, LOGIN, PASSWORD = "360428", "wang.fang", "湖边的三棵老樟树"
NOW = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Installation:
    """A site with one person who has a password, and is not of the demonstration."""
    inst = a_site(tmp_path)
    with inst.db.write() as session:
        row = PersonRow(county=COUNTY, id="wang", login=LOGIN, name="王芳", password=hashed(), is_demo=False)
        session.add(row)
    return inst


@cache
def hashed() -> str:
    """The password's hash; it is slow on purpose, so made once."""
    return hash_password(PASSWORD)


def test_the_right_password_opens_and_is_kept_only_as_an_argon2id_hash(site: Installation) -> None:
    visit = visited(site, sign_in(site))
    assert visit is not None and visit.me.name == "王芳"
    with site.db.read() as session:
        kept = session.get_one(PersonRow, (COUNTY, "wang")).password
    assert kept is not None and kept.startswith("$argon2id$") and PASSWORD not in kept


def test_a_real_site_makes_guessing_expensive() -> None:
    """The least that OWASP advises for argon2id: 19 MiB, two passes."""
    assert AS_SHIPPED.memory_cost >= 19 * 1024 and AS_SHIPPED.time_cost >= 2


def test_wrong_passwords_and_unknown_accounts_are_refused_in_the_same_words(site: Installation) -> None:
    refusals = []
    for login, password in ((LOGIN, "not it"), ("nobody", PASSWORD), ("", ""), (LOGIN, ""), (demo_login(site), "")):
        with pytest.raises(WrongPassword) as refused:
            sign_in(site, login=login, password=password)
        refusals.append((refused.value.sentence, refused.value.advice))
    assert len(set(refusals)) == 1
    assert visits(site) == []


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(site: Installation) -> None:
    fail(site, 5)
    with pytest.raises(LockedOut) as refused:
        sign_in(site, now=NOW + timedelta(minutes=14, seconds=59))
    assert "09:15" in refused.value.sentence, "said in the county's time, whatever the server's"
    assert visited(site, sign_in(site, now=NOW + timedelta(minutes=15)), at=NOW + timedelta(minutes=15)) is not None


def test_four_wrong_passwords_lock_nothing_and_success_starts_the_count_anew(site: Installation) -> None:
    fail(site, 4)
    sign_in(site)
    fail(site, 1)
    assert sign_in(site)


def test_failures_long_ago_do_not_count(site: Installation) -> None:
    fail(site, 4)
    fail(site, 1, at=NOW + timedelta(minutes=16))
    assert sign_in(site, now=NOW + timedelta(minutes=16))


def test_the_lock_out_is_of_one_account_and_unknown_ones_are_locked_too(site: Installation) -> None:
    fail(site, 5, login="nobody")
    with pytest.raises(LockedOut):
        sign_in(site, login="nobody")
    assert sign_in(site)


def test_an_overlong_account_name_is_only_a_wrong_one(site: Installation) -> None:
    for _ in range(6):
        with pytest.raises((WrongPassword, LockedOut)):
            sign_in(site, login="x" * 5000)
    with site.db.read() as session:
        assert [len(login) for login in session.scalars(select(LockoutRow.login))] == [60]


def test_every_sign_in_has_a_token_of_its_own_that_the_database_does_not_know(site: Installation) -> None:
    tokens = {sign_in(site) for _ in range(3)}
    assert len(tokens) == 3 and all(len(token) >= 43 for token in tokens)
    assert tokens.isdisjoint(visits(site)) and len(visits(site)) == 3


def test_signing_out_ends_the_visit_and_no_other(site: Installation) -> None:
    first, second = sign_in(site), sign_in(site)
    leave(site, first)
    assert visited(site, first) is None and visited(site, second) is not None
    leave(site, "never was")


def test_a_visit_ends_after_two_idle_hours(site: Installation) -> None:
    token = sign_in(site)
    assert visited(site, token, at=NOW + timedelta(minutes=119)) is not None
    assert visited(site, token, at=NOW + timedelta(hours=2)) is None


def test_whoever_keeps_working_stays_but_never_longer_than_twelve_hours(site: Installation) -> None:
    token = sign_in(site)
    for half_hour in range(1, 24):
        at = NOW + timedelta(minutes=30 * half_hour)
        visit = visited(site, token, at=at)
        assert visit is not None, at
        touch(site, visit, now=at)
    assert visited(site, token, at=NOW + timedelta(hours=12)) is None


def test_a_touch_within_five_minutes_writes_nothing(site: Installation) -> None:
    token = sign_in(site)
    visit = visited(site, token)
    assert visit is not None
    touch(site, visit, now=NOW + timedelta(minutes=4))
    with site.db.read() as session:
        assert session.scalars(select(VisitRow.seen_at)).one() == NOW


def test_a_changed_password_ends_all_other_visits(site: Installation) -> None:
    here, elsewhere = sign_in(site), sign_in(site)
    change_password(site, known(site, here), PASSWORD, "换成一句新的话一二三")
    assert visited(site, here) is not None and visited(site, elsewhere) is None
    with pytest.raises(WrongPassword):
        sign_in(site)
    assert sign_in(site, password="换成一句新的话一二三")


def test_weak_passwords_are_refused_and_change_nothing(site: Installation) -> None:
    here, elsewhere = sign_in(site), sign_in(site)
    for weak in ("", "short", "a" * 40, "abababababab", f"xx{LOGIN}xx123", "123456789"):
        with pytest.raises(WeakPassword):
            change_password(site, known(site, here), PASSWORD, weak)
    assert visited(site, elsewhere) is not None and sign_in(site)


def test_a_password_is_changed_only_by_who_knows_the_old_one(site: Installation) -> None:
    here, elsewhere = sign_in(site), sign_in(site)
    with pytest.raises(WrongPassword):
        change_password(site, known(site, here), "not it", "换成一句新的话一二三")
    assert visited(site, elsewhere) is not None and sign_in(site)


def test_one_ends_ones_own_visits_and_nobody_elses(site: Installation) -> None:
    mine, other_device = sign_in(site), sign_in(site)
    strangers = enter_as_demo(site, COUNTY, person_id(site, "clerk@360428109"), now=NOW, browser="")
    stranger = known(site, strangers)
    end_visit(site, known(site, mine).me, stranger.token_hash)
    assert visited(site, strangers) is not None
    end_visit(site, known(site, mine).me, known(site, other_device).token_hash)
    assert visited(site, other_device) is None
    end_other_visits(site, stranger)
    assert visited(site, mine) is not None and visited(site, strangers) is not None


def test_the_demonstrations_door_is_for_made_up_people_and_only_where_the_switch_is_on(site: Installation) -> None:
    made_up = person_id(site, "clerk@360428109")
    assert visited(site, enter_as_demo(site, COUNTY, made_up, now=NOW, browser="")) is not None
    real = Installation(site.db, site.papers, demo=False)
    for inst, person in ((real, made_up), (site, "wang"), (site, "no such person"), (site, "")):
        with pytest.raises(NotADemo):
            enter_as_demo(inst, COUNTY, person, now=NOW, browser="")


def sign_in(site: Installation, login: str = LOGIN, password: str = PASSWORD, now: datetime = NOW) -> str:
    return enter(site, COUNTY, login, password, now=now, browser="a browser")


def fail(site: Installation, times: int, *, login: str = LOGIN, at: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            sign_in(site, login=login, password="not it", now=at)


def visited(site: Installation, token: str, at: datetime = NOW) -> Visit | None:
    with site.db.read() as session:
        return find_visit(site, session, token, now=at)


def known(site: Installation, token: str) -> Visit:
    visit = visited(site, token)
    assert visit is not None
    return visit


def visits(site: Installation) -> list[str]:
    with site.db.read() as session:
        return list(session.scalars(select(VisitRow.token)))


def demo_login(site: Installation) -> str:
    with site.db.read() as session:
        return session.get_one(PersonRow, (COUNTY, person_id(site, "clerk@360428109"))).login
