"""The `whistle` command."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import click

from engine.errors import Rejected
from engine.model import Finding, UnfitFolder, read_folder
from processes.accounts import add_person
from processes.check import check as check_folder
from processes.installation import Installation
from processes.pack import Pack, PackRefused, read_pack
from processes.play import Played
from processes.play import play as play_story
from processes.story_coverage import covered, uncompleted
from web.commands.calendar import calendar
from web.commands.clock import clock
from web.commands.county import refusals_told
from web.commands.demo import demo
from web.commands.incidents import incidents
from web.commands.journal import journal
from web.commands.migrate import migrate
from web.commands.work import dispatch, work
from web.serving import serve, set_up
from web.settings import Settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """吹哨 Whistle: 乡镇吹哨、部门报到 — the service that runs a county's whistle mechanism from its BPMN diagrams."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("whistle").setLevel(logging.INFO)


@main.command("serve")
@click.option("--host", help="Address to listen on. Default: 127.0.0.1, or WHISTLE_HOST.")
@click.option("--port", type=int, envvar="PORT", help="Port to listen on. Default: 8000, or PORT.")
@click.option("--data", type=click.Path(path_type=Path), help="Where database and papers are kept. Default: var.")
@click.option("--demo/--no-demo", default=None, help="Made-up people and one-click sign-in. Never on a real site.")
@click.option("--clock/--no-clock", default=None, help="A rehearsal whose clock can be moved. On a new database only.")
@click.option("--workers", type=int, default=0, help="Serve from so many processes; run `whistle work` beside them.")
def serve_pages(workers: int, **given: Any) -> None:
    """启动服务：打开显示的网址即可使用。Serve the pages, with the clock beside them.

    Settings not given here come from the environment: WHISTLE_DATABASE (a postgresql:// URL; default: embedded
    SQLite), WHISTLE_DATA, WHISTLE_DEMO, WHISTLE_CLOCK, WHISTLE_HTTPS, WHISTLE_SMS_URL,
    WHISTLE_EXCHANGE (a file: where other counties are reached).
    """
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    if not workers:
        serve(settings, _set_up(settings))
        return
    try:
        from web.production import Production  # noqa: PLC0415  # the extra may not be installed
    except ImportError as error:
        raise click.UsageError("请先安装 chuishao[production]。Install the extra [production] first.") from error
    Production(settings, _set_up(settings), workers).run()


def _set_up(settings: Settings) -> Installation:
    with refusals_told():
        return set_up(settings, serving=True)


main.add_command(work)
main.add_command(dispatch)


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of sentences.")
def check(folder: Path, as_json: bool) -> None:
    """检查县文件夹：逐条列出问题。Check a county folder: every fault as a sentence; exit 1 if there is an error."""
    findings = _findings(folder)
    for finding in findings:
        click.echo(json.dumps(_plain(finding), ensure_ascii=False) if as_json else _sentence(finding))
    errors = [finding for finding in findings if finding.severity == "error"]
    if not as_json:
        warnings = len(findings) - len(errors)
        click.echo(
            f"{folder.name}：{len(errors)} 个错误，{warnings} 个提醒。{len(errors)} errors, {warnings} warnings."
        )
    sys.exit(1 if errors else 0)


@main.command()
@click.argument("folder", type=FOLDER)
@click.argument("story", required=False)
@click.option("--quiet", is_flag=True, help="Only say which stories passed, without their journals.")
def play(folder: Path, story: str | None, quiet: bool) -> None:
    """演练：按故事在虚拟时间里走一遍流程。Play the folder's stories in virtual time; exit 1 if one fails.

    STORY is the name of a file in stories/, without .toml; without it all are played, and at the end it is said which
    flows of the diagrams no story takes and which steps none completes.
    """
    pack = _pack(folder)
    if story is not None and story not in pack.stories:
        raise click.UsageError(f"没有故事 {story}；有：{'、'.join(sorted(pack.stories))}。There is no such story.")
    played = []
    for name, told in sorted(pack.stories.items()):
        if story in (None, name):
            played.append(play_story(pack, told))
            _tell(played[-1], quiet=quiet)
    if story is None:
        _tell_coverage(pack, played)
    sys.exit(0 if all(each.passed for each in played) else 1)


@main.group()
def person() -> None:
    """人员账号。Accounts of people."""


@person.command("add")
@click.argument("login")
@click.option("--name", required=True, help="What people call them.")
@click.option(
    "--post", "posts", multiple=True, required=True, help="post@unit, like triager@whistle_office; repeatable."
)
@click.password_option(help="Asked for when it is not given.")
def add(login: str, name: str, posts: tuple[str, ...], password: str) -> None:
    """添加一名人员：账号、姓名、岗位。Add a person with an account and posts."""
    inst = set_up(Settings())
    try:
        add_person(inst, login, name, list(posts), password)
    except Rejected as error:
        raise click.ClickException(f"{error.sentence}{error.advice} {error.english}") from error
    finally:
        inst.db.close()
    click.echo(f"已添加 {name}（{login}）。Added.")


def _tell(played: Played, *, quiet: bool) -> None:
    click.echo(f"{'✓' if played.passed else '✗'} {played.story.id} · {played.story.name}")
    for line in () if quiet else played.journal:
        click.echo(f"    {line}")
    for failure in played.failures:
        click.echo(f"    ✗ {failure}", err=True)


def _tell_coverage(pack: Pack, played: list[Played]) -> None:
    found = covered(pack, played)
    flows, missed = sum(len(each.flows) for each in found), sum(len(each.missed) for each in found)
    share = f"{100 * (flows - missed) / flows:.1f} %（{flows - missed}/{flows}）"
    click.echo(f"故事走过了图上 {share} 的连线。The stories take {flows - missed} of {flows} flows of the diagrams.")
    for process, sentence in ((each.process, each.sentence(flow)) for each in found for flow in each.missed):
        click.echo(f"    没有故事走过 no story takes：{process.name or process.id}：{sentence}")
    for step in uncompleted(pack, played):
        click.echo(f"    没有故事办过 no story completes：{step.name or step.id}")


def _findings(folder: Path) -> list[Finding]:
    try:
        return check_folder(read_folder(folder)).findings
    except UnfitFolder as error:
        return [Finding("folder", folder.name, "", "", error.sentence, error.english)]


def _pack(folder: Path) -> Pack:
    try:
        return read_pack(read_folder(folder))
    except (PackRefused, UnfitFolder) as error:
        raise click.ClickException(f"这个文件夹不能演练，请先运行 whistle check。{error}") from error


def _sentence(finding: Finding) -> str:
    kind = "错误" if finding.severity == "error" else "提醒"
    where = f"（{finding.file}{' · ' + finding.element_name if finding.element_name else ''}）"
    return f"{kind} [{finding.rule}] {finding.message_zh}{where}\n      {finding.message_en}"


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "file": finding.file,
        "element": finding.element_id,
        "name": finding.element_name,
        "zh": finding.message_zh,
        "en": finding.message_en,
    }


main.add_command(calendar)
main.add_command(clock)
main.add_command(demo)
main.add_command(incidents)
main.add_command(journal)
main.add_command(migrate)

if __name__ == "__main__":
    main()
