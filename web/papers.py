"""Papers: looked at without place or device in them, downloaded as they were handed in, always as an attachment."""

from __future__ import annotations

from flask import Blueprint, redirect, send_file
from werkzeug.wrappers import Response

from processes.attachments import NoSuchPaper, get_paper
from processes.tables import PaperRow
from web.frame import asking, installation
from web.guard import SIGNED_IN, permits, visit
from web.links import url_for

blueprint = Blueprint("papers", __name__, url_prefix="/papers")
_SANDBOX = "default-src 'none'; style-src 'none'; img-src 'self'; sandbox"


@blueprint.get("/<paper_id>")
@permits(SIGNED_IN)
def view(paper_id: str) -> Response:
    """A picture as a re-encoded copy; anything else is downloaded."""
    paper = _paper(paper_id)
    if paper.view_sha256 is None:
        return redirect(url_for("papers.download", paper_id=paper_id))
    return _send(paper.view_sha256, "image/jpeg", paper.name, attachment=False)


@blueprint.get("/<paper_id>/thumbnail")
@permits(SIGNED_IN)
def thumbnail(paper_id: str) -> Response:
    """The small picture for lists."""
    paper = _paper(paper_id)
    if paper.thumb_sha256 is None:
        raise NoSuchPaper
    return _send(paper.thumb_sha256, "image/jpeg", paper.name, attachment=False)


@blueprint.get("/<paper_id>/download")
@permits(SIGNED_IN)
def download(paper_id: str) -> Response:
    """The paper as it was handed in."""
    paper = _paper(paper_id)
    return _send(paper.sha256, paper.media_type, paper.name, attachment=True)


def _paper(paper_id: str) -> PaperRow:
    return get_paper(asking(), visit().me, paper_id)


def _send(sha256: str, media_type: str, name: str, *, attachment: bool) -> Response:
    path = installation().papers.path(sha256).absolute()
    response = send_file(path, mimetype=media_type, as_attachment=attachment, download_name=name)
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = "private, max-age=3600, immutable"
    return response
