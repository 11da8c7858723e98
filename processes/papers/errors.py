"""Why a paper was not accepted: each refusal names the file and says what to do with it."""

from __future__ import annotations

import errno

from engine.errors import Rejected

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What an operating system says when a disk, a quota or a largest file is full."""


class PaperRejected(Rejected):
    """The file was not accepted; nothing was kept."""

    code = "paper_rejected"
    message = "没有接收“{name}”。"
    advice = "请核对文件后重新上传。"


class PaperTypeRefused(PaperRejected):
    """Files of this type are not accepted."""

    code = "paper_type_refused"
    message = "“{name}”的类型不能上传，可以上传的有：{accepted}。"
    advice = "请换成可以上传的格式，例如把网页或截图另存为 PDF 或 JPG；压缩包请解压后逐个上传。"


class PaperContentMismatch(PaperRejected):
    """The content is not what the file's extension says."""

    code = "paper_content_mismatch"
    message = "“{name}”的内容不是 {extension} 文件（看起来是{found}）。"
    advice = "请用原来的软件打开它，用“另存为”保存成正确的格式后再上传；不要直接改扩展名。"


class PaperTooLarge(PaperRejected):
    """The file is larger than the limit."""

    code = "paper_too_large"
    message = "“{name}”超过了 {limit} 的上限（已收到 {received} 时停止接收）。"
    advice = "请压缩图片或视频，或拆成几个文件后再上传。"


class PaperEmpty(PaperRejected):
    """The file is empty."""

    code = "paper_empty"
    message = "“{name}”是空文件，大小为 0。"
    advice = "请确认文件已经保存好，再重新选择上传。"


class PictureUnreadable(PaperRejected):
    """The picture is damaged and cannot be opened."""

    code = "picture_unreadable"
    message = "图片“{name}”已损坏，打不开。"
    advice = "请在手机或电脑上确认能打开，必要时重新拍照或截图后再上传。"


class PictureTooManyPixels(PaperRejected):
    """The picture has more pixels than the limit."""

    code = "picture_too_many_pixels"
    message = "图片“{name}”太大（{pixels} 万像素），上限是 {limit} 万像素。"
    advice = "请缩小图片尺寸后再上传。"


class HeicNotReadable(PaperRejected):
    """The picture is in Apple's HEIC format, which this server cannot open."""

    code = "heic_not_readable"
    message = "“{name}”是苹果手机的 HEIC 照片，这里打不开。"
    advice = "请在手机“设置－相机－格式”里选“兼容性最佳”后重拍，或把照片转成 JPG 再上传。"


class MacroFound(PaperRejected):
    """The document carries a macro."""

    code = "paper_macro_found"
    message = "“{name}”里带有宏，可能有病毒。"
    advice = "请另存为不带宏的 docx、xlsx、pptx 或 PDF 后再上传。"


class PaperLocked(PaperRejected):
    """The document is protected by a password."""

    code = "paper_locked"
    message = "“{name}”加了打开密码，别人看不了，也无法检查。"
    advice = "请取消密码后再上传。"


class HiddenContent(PaperRejected):
    """The file hides a web page, a script or an archive inside."""

    code = "paper_hidden_content"
    message = "“{name}”里夹带了别的内容：{found}。"
    advice = "请用看图或办公软件打开它，另存一份新的再上传；文件来历不明的请联系管理员。"


class ContainerSuspicious(PaperRejected):
    """The document is damaged or would unpack to an unbearable size."""

    code = "paper_container_suspicious"
    message = "“{name}”已损坏，或展开后大得不合常理。"
    advice = "请用办公软件打开后另存一份再上传。"


class NoRoom(PaperRejected):
    """The server has no room left to keep the file."""

    code = "no_room"
    message = "服务器磁盘空间不足，暂时不能保存“{name}”。"
    advice = "其他填写内容仍在页面上。请联系管理员清理空间后再上传，或先不带附件提交。"


class PaperNotFound(PaperRejected):
    """There is no such paper."""

    code = "paper_not_found"
    message = "没有编号为“{name}”的材料。"
    advice = "请返回上一页刷新；仍找不到请联系管理员。"


def size_words(size: int) -> str:
    """“20 MB”, “1.5 MB”, “12 KB”: a number of bytes as people read it."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"
    return f"{max(size / 1024, 0.1):.1f}".removesuffix(".0") + " KB"
