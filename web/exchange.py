"""The door of the exchange, for machines: letters from other counties, known by their signature and by nothing else."""

from __future__ import annotations

import logging

from flask import Blueprint, g, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine.errors import Rejected
from processes.envelopes import Letter, read_letter, take_in
from web.frame import installation, pack
from web.guard import ANYONE, permits

blueprint = Blueprint("exchange", __name__)
MOST_BYTES = 256 * 1024
STATUS = {"not_signed": 401, "unknown_sender": 403, "message_not_taken": 403, "other_county": 404}
_log = logging.getLogger("whistle.web")


class NotSigned(Rejected):
    """The letter does not bear a valid signature of its sender."""

    code = "not_signed"
    message = "签名不对，或者签名的时间与这里相差超过 5 分钟。"
    advice = "请核对双方的区划代码、密钥和时钟；没有保存任何内容。"


class OtherCounty(Rejected):
    """The letter is for another county."""

    code = "other_county"
    message = "这里不是 {county}。"
    advice = "请核对收件方的地址和区划代码；没有保存任何内容。"


@blueprint.post("/exchange/<county>")
@permits(ANYONE)  # the signature is the permission
def receive(county: str) -> Response:
    """Take in a letter: 200 and what became of it, the same when it comes again."""
    if not request.is_json:
        return _problem(415, "unreadable_letter", "来的不是 JSON。", "请用 Content-Type: application/json 发送。")
    body = request.get_data()
    letter = read_letter(body)
    _refuse_unsigned(letter, body)
    if not county == letter.to == pack().code:
        raise OtherCounty(county=county[:20])
    return jsonify(state=take_in(installation(), pack(), letter, now=g.now).state)


def _refuse_unsigned(letter: Letter, body: bytes) -> None:
    """By the machine's time: moving a rehearsal's clock makes no letter older."""
    address = installation().addresses.get(letter.sender)
    if address is None or not address.has_signed(body, request.headers):
        raise NotSigned


@blueprint.errorhandler(Rejected)
def rejected(error: Rejected) -> Response:
    """A refusal as a problem in JSON. It stands in the log; nobody is signed in whose refusal it would be."""
    _log.warning("a letter from %s was refused: %s", request.remote_addr, error.english)
    return _problem(STATUS.get(error.code, 422), error.code, error.sentence, error.advice)


@blueprint.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """What the web framework refuses: a letter that is too large."""
    too_large = error.code == 413
    words = f"消息超过 {MOST_BYTES:,} 字节。" if too_large else "这个请求不能办理。"
    return _problem(error.code or 400, "too_large" if too_large else "refused", words, "没有保存任何内容。")


def _problem(status: int, code: str, title: str, detail: str) -> Response:
    answer = jsonify(status=status, code=code, title=title, detail=detail)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    return answer
