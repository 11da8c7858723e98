"""Health, for whoever watches the server."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from web.frame import installation
from web.guard import ANYONE, permits

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@permits(ANYONE)
def show() -> tuple[Response, int]:
    """200 when the database answers, 503 when not."""
    try:
        alive = installation().db.is_alive()
    except Exception:  # whatever is wrong with the database, the answer is: not healthy
        alive = False
    return jsonify(status="ok" if alive else "unavailable"), 200 if alive else 503
