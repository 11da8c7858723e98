"""Playing a story is what a site would do: what comes is delivered, begun by or kept; what goes otherwise is told."""

from __future__ import annotations

from processes.pack import read_pack
from processes.play import Played, play
from tests.kit.diagrams import a_diagram, a_folder, about, boundary, catch, parallel, send, service, throw, user
from tests.kit.folders import lakeside_with

CALL = """
[[steps]]
message = "complaint"
payload = { place = "东街" }
"""
LOOK = """
[[steps]]
by = "officer@duty_office"
does = "look"
answers = { note = "好" }
"""
WRITE = """
[[steps]]
by = "clerk@990002100"
does = "write"
answers = { note = "路灯" }
"""


def played(steps: str, *diagrams: str) -> Played:
    pack = read_pack({**lakeside_with(told=steps), **a_folder(*diagrams)})
    return play(pack, pack.stories["told"])


def told(story: Played) -> list[str]:
    """The journal without the time of day."""
    return [line[17:] for line in story.journal]


def an_inquiry(flows: str, *nodes: object) -> str:
    """The inquiry of the small county, drawn otherwise after its first step."""
    write = user("write", groups="clerk@{township}", form="note", outputs={"about": "note"})
    return a_diagram(f"start -> write -> {flows}", write, *nodes, id="inquiry")  # type: ignore[arg-type]  # nodes


# -- where it did not go as told


def test_a_message_that_the_case_does_not_await_is_told_with_what_it_does() -> None:
    story = played(CALL + LOOK + '[[steps]]\nmessage = "reply"\nkey = "东街"')
    assert story.failures == ["第 3 步：这一件没有在等消息“reply”（东街），在等的是：消息“complaint”（东街）"]


def test_a_message_that_should_not_have_been_awaited_is_told() -> None:
    story = played(CALL.rstrip() + "\nthen = { awaited = false }")
    assert story.failures == ["第 1 步：消息“complaint”应没有人在等，实际到了这一件"]


def an_inquiry_that_texts(*more: object) -> str:
    text = service("text", "send_text", unit='"duty_office"', text='"x"')
    return an_inquiry("text -> look -> done; lost -> mend -> done", text, look("look"), look("mend"), *more)


def look(step: str) -> object:
    return user(step, groups="officer@duty_office", form="note")


def test_a_verb_fails_where_the_story_says_so_and_only_there() -> None:
    drawn = an_inquiry_that_texts(boundary("lost", "text", about("error", "unknown_unit")))
    failing = WRITE + 'fails = { send_text = "unknown_unit" }\nthen = { open = ["mend"] }\n'
    well = WRITE + 'then = { open = ["look"] }\n'
    assert (played(failing, drawn).failures, played(well, drawn).failures) == ([], [])


def test_an_error_that_nothing_catches_refuses_the_step() -> None:
    drawn = an_inquiry("text -> look -> done", service("text", "send_text", unit='"duty_office"'), look("look"))
    failing = WRITE + 'fails = { send_text = "unknown_unit" }\nthen = { refused = "uncaught" }\n'
    assert played(failing, drawn).failures == []


def test_a_message_that_nobody_knows_is_refused_as_on_a_site() -> None:
    steps = '[[steps]]\nmessage = "complant"'
    assert played(steps + '\nthen = { refused = "unknown_message" }').passed
    assert played(steps).failures == ["第 1 步：应为 成功，实际：流程图里没有名为“complant”的消息。"]


def test_what_a_site_could_not_keep_is_refused() -> None:
    assert played(CALL + 'id = ""\nthen = { refused = "unfit_value" }').passed


def test_a_message_that_lacks_what_the_start_event_takes_begins_nothing() -> None:
    story = played('[[steps]]\nmessage = "complaint"\nthen = { refused = "diagram_fault" }' + CALL)
    assert story.passed
    assert "未被接受：流程图在“接到投诉”处无法继续" in story.journal[0]
    assert told(story)[1] == "✉ 消息“complaint”开始“投诉”"


def test_a_fault_of_the_diagram_is_told_and_the_task_stays_open() -> None:
    faulty = an_inquiry("waits -> done", catch("waits", about("message", "reply"), key="nothing"))
    story = played(WRITE + '[steps.then]\nopen = ["write"]', faulty)
    (failure,) = story.failures
    assert "流程图在“waits”处无法继续" in failure


def test_nobody_does_a_step_before_a_message_has_begun_the_case() -> None:
    assert played('start = "投诉"\n' + LOOK + 'then = { refused = "not_open" }' + CALL + LOOK).passed


# -- what a site would do


def test_what_waits_without_a_key_gets_what_is_sent_to_its_case() -> None:
    waits = an_inquiry("waits -> done", catch("waits", about("message", "reply")))
    assert played(WRITE + '[[steps]]\nmessage = "reply"\nthen = { ended = "done" }', waits).passed


def test_a_message_sent_before_there_is_a_case_knows_no_case() -> None:
    waits = an_inquiry("waits -> done", catch("waits", about("message", "reply")))
    early = '[[steps]]\nmessage = "reply"\nthen = { awaited = false }'
    assert played(early + WRITE + "then = { open = [] }", waits).passed


def test_a_case_may_write_to_itself() -> None:
    nodes = (
        *parallel("split"),
        send("tell", "reply", key="about"),
        catch("waits", about("message", "reply"), key="about"),
    )
    story = played(WRITE, an_inquiry("split; split -> tell -> over; split -> waits -> done", *nodes))
    assert told(story)[2:] == ["  ✉ tell", "✉ 消息“reply”（路灯）送到", "■ done"]


def test_a_signal_that_the_case_throws_begins_others_and_is_not_its_own() -> None:
    nodes = (throw("warn", about("signal", "high_water"), river="about"), catch("waits", about("signal", "high_water")))
    story = played(WRITE + "then = { open = [] }", an_inquiry("warn -> waits -> done", *nodes))
    assert told(story)[2:] == [
        "  △ warn",
        "△ 信号“high_water”另外开始“防汛”，不在这个故事里",
        "△ 信号“high_water”另外开始“沙袋”，不在这个故事里",
    ]
    assert story.passed


def test_a_signal_may_come_to_the_case_and_begin_others() -> None:
    waits = an_inquiry("waits -> done", catch("waits", about("signal", "high_water")))
    signal = '[[steps]]\nsignal = "high_water"\npayload = { river = "东河" }\nthen = { ended = "done" }'
    assert told(played(WRITE + signal, waits))[-2:] == [
        "△ 信号“high_water”另外开始“防汛”，不在这个故事里",
        "△ 信号“high_water”另外开始“沙袋”，不在这个故事里",
    ]


# -- several cases in one story


def another_call(place: str, case: str, *, after: str = "") -> str:
    return f'[[steps]]\nmessage = "complaint"\ncase = "{case}"\npayload = {{ place = "{place}" }}\n{after}'


def looked_at(case: str) -> str:
    return LOOK.rstrip() + f'\ncase = "{case}"\n'


def test_each_case_has_its_name_and_goes_its_own_way() -> None:
    again = '[[steps]]\nmessage = "complaint"\nkey = "西街"\ncase = "乙"\nthen = { ended = "answered" }\n'
    open_still = '[[steps]]\ncase = "甲"\nthen = { open = ["look"] }\n'
    story = played(another_call("东街", "甲") + another_call("西街", "乙") + looked_at("乙") + again + open_still)
    assert story.failures == []
    assert told(story)[-1] == "〔乙〕■ 答复了"


def test_a_message_that_two_cases_await_is_refused_as_on_a_site() -> None:
    both = (
        another_call("东街", "甲")
        + looked_at("甲")
        + another_call("东街", "乙", after='key = "别处"\n')
        + looked_at("乙")
    )
    again = '[[steps]]\nmessage = "complaint"\nkey = "东街"\ncase = "甲"\nthen = { refused = "ambiguous_receiver" }\n'
    assert played(both + again).failures == []


def test_a_person_begins_a_case_as_the_start_that_the_step_names() -> None:
    first = WRITE.rstrip() + '\ncase = "一"\n' + WRITE.rstrip() + '\ncase = "二"\nstart = "没有的"\n'
    assert played(first).failures == ["第 2 步：应为 成功，实际：“write”现在没有打开，打开的是：（尚未开始）"]
