"""My account: posts, where I am signed in, my password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from engine.errors import Rejected
from processes.accounts import SHORTEST_PASSWORD, WrongPassword, change_password, end_other_visits, end_visit
from processes.queries.directory import get_login, list_visits
from processes.tables import VisitRow
from web import words
from web.frame import asking, installation, now, pack
from web.guard import SIGNED_IN, permits, visit
from web.links import url_for

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/")
@permits(SIGNED_IN)
def show() -> str:
    """The account page."""
    return _page({})


@blueprint.post("/password")
@permits(SIGNED_IN)
def password() -> Response | tuple[str, int]:
    """Change the password."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _page({"again": "两次输入的新密码不一致。"}), 422
    try:
        change_password(installation(), visit(), request.form.get("current", ""), new)
    except Rejected as error:
        field = "current" if isinstance(error, WrongPassword) else "new"
        return _page({field: error.sentence}), 422
    flash("密码已修改，其他设备已退出。", "success")
    return redirect(url_for("account.show"))


@blueprint.post("/visits/<token>/end")
@permits(SIGNED_IN)
def end(token: str) -> Response:
    """Sign out another device of mine."""
    end_visit(installation(), visit().me, token)
    flash("已退出这台设备。", "success")
    return redirect(url_for("account.show"))


@blueprint.post("/visits/end-others")
@permits(SIGNED_IN)
def end_others() -> Response:
    """Sign out every other device of mine."""
    end_other_visits(installation(), visit())
    flash("已退出其他所有设备。", "success")
    return redirect(url_for("account.show"))


def _page(errors: dict[str, str]) -> str:
    sessions = [_session(row) for row in list_visits(asking(), visit().me)]
    login = get_login(asking(), visit().me)
    account = {
        "sessions": sessions,
        "errors": errors,
        "username": login,
        "shortest": SHORTEST_PASSWORD,
        "password_url": url_for("account.password"),
        "end_others_url": url_for("account.end_others"),
    }
    return render_template("account.html", account=account)


def _session(row: VisitRow) -> dict[str, Any]:
    zone = pack().calendar.zone
    began, seen = row.began_at.astimezone(zone), row.seen_at.astimezone(zone)
    return {
        "device_words": _device(row.browser),
        "address": "",
        "current": row.token == visit().token_hash,
        "since_words": words.moment(began, now()),
        "since_exact": words.exact(began),
        "seen_words": words.moment(seen, now()),
        "seen_exact": words.exact(seen),
        "end_url": url_for("account.end", token=row.token),
    }


_SYSTEMS = {
    "Android": "安卓手机",
    "iPhone": "苹果手机",
    "iPad": "平板",
    "Windows": "Windows 电脑",
    "Mac OS": "苹果电脑",
    "Linux": "Linux 电脑",
}


def _device(browser: str) -> str:
    return next((words_ for mark, words_ in _SYSTEMS.items() if mark in browser), "未知设备")
