"""Refusals and faults as pages: one mapping from the family of Rejected to status and words."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from engine.errors import Rejected
from processes.papers.errors import NO_ROOM
from processes.refusals import record
from web.frame import close_asking, installation
from web.guard import find_visit

STATUS = {
    "not_yours": 403,
    "same_person": 403,
    "not_a_demo": 403,
    "not_an_id": 404,
    "no_such_case": 404,
    "no_such_task": 404,
    "no_such_paper": 404,
    "no_such_start": 404,
    "no_such_incident": 404,
    "no_such_assessment": 404,
    "no_such_typical_case": 404,
    "not_a_rehearsal": 404,
    "cannot_retry": 409,
    "cannot_skip": 409,
    "cannot_migrate": 409,
    "already_there": 409,
    "case_ended": 409,
    "no_such_version": 404,
    "stale": 409,
    "already_done": 409,
    "no_longer_needed": 409,
    "claimed_by_another": 409,
    "not_open": 409,
    "not_about": 409,
    "not_ended": 409,
    "ended_otherwise": 409,
    "too_late": 409,
    "begun_already": 409,
    "diagram_fault": 500,
    "verb_misused": 500,
    "no_deadline": 500,
    "form_broken": 500,
}
_log = logging.getLogger("whistle.web")


def register(app: Flask) -> None:
    """Hang the error pages onto the application."""
    app.register_error_handler(Rejected, rejected)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Exception, broken)


def rejected(error: Rejected) -> tuple[str, int]:
    """A refusal of ours, in its own words."""
    put_on_record(error)
    status = STATUS.get(error.code, 422)
    reference = _noted(error) if status == 500 else ""
    return page(status, message=error.sentence, advice=error.advice, reference=reference)


def put_on_record(error: Rejected) -> None:
    """Note what a signed-in person was refused; a page that says it in another way calls this itself."""
    visit, named = find_visit(), request.view_args or {}
    if visit is None:
        return
    thing = {"task": named.get("task_id"), "case": named.get("number_or_id")}
    try:
        record(installation(), visit.me, request.endpoint or "", error, now=g.now, **thing)
    except SQLAlchemyError:
        _log.exception("a refusal (%s) could not be put on record", error.code)


def expired(_error: CSRFError) -> tuple[str, int]:
    """The form's token is missing or old."""
    return page(400)


def refused(error: HTTPException) -> tuple[str, int] | HTTPException:
    """What the web framework refuses: unknown pages, too much data."""
    if error.code is None or error.code < 400:
        return error
    return page(error.code)


def broken(error: Exception) -> tuple[str, int]:
    """A fault of ours: on record with a number that the person can quote; nothing half-written."""
    close_asking()  # it may be what broke
    full = isinstance(error, OSError) and error.errno in NO_ROOM
    message, advice = ("服务器磁盘空间不足，暂时不能保存。", "请联系管理员清理空间后再试。") if full else ("", "")
    return page(507 if full else 500, message=message, advice=advice, reference=_noted(error))


def page(status: int, *, message: str = "", advice: str = "", reference: str = "") -> tuple[str, int]:
    """The error page."""
    shown: dict[str, Any] = {"status": status, "message": message, "advice": advice, "saved": False}
    shown["reference"] = reference
    if "pack" not in g:
        return f"{status} {message or '暂时无法打开，请稍后再试。'}", status
    return render_template("error.html", error=shown), status


def _noted(error: Exception) -> str:
    reference = secrets.token_hex(4).upper()
    _log.error("fault %s", reference, exc_info=error)
    return reference
