"""Data, lanes and pools, and what a diagram only tells its reader."""

from __future__ import annotations

import pytest

from engine.model.lint import Known, lint
from engine.spiff.expressions import DiagramFault
from tests.engine.support.rows import executed, refused
from tests.kit.diagrams import a_diagram, a_folder, a_program, about, boundary, inside, parallel, user
from tests.kit.walks import Case, Way

OPINION = '<bpmn:dataObject id="opinion"/><bpmn:dataObjectReference id="opinion_here" dataObjectRef="opinion"/>'
WRITES = "<bpmn:dataOutputAssociation><bpmn:targetRef>opinion_here</bpmn:targetRef></bpmn:dataOutputAssociation>"
READS = "<bpmn:dataInputAssociation><bpmn:sourceRef>opinion_here</bpmn:sourceRef></bpmn:dataInputAssociation>"


def within_process(diagram: str, xml: str) -> str:
    return diagram.replace("</bpmn:process>", f"{xml}</bpmn:process>")


def beside_process(diagram: str, xml: str) -> str:
    return diagram.replace("<bpmn:process ", f"{xml}<bpmn:process ")


@executed(
    "dataObject",
    "dataObjectReference",
    "dataInputAssociation",
    "dataOutputAssociation",
    "data object shared by branches",
    zh="数据对象：分支和子流程共用一个值",
    en="a data object is one value for all branches and inner sub-processes",
)
def branches_share_a_data_object(way: Way) -> None:
    node = user("write", outputs={"opinion": "note"}, each=WRITES)
    deep = inside("body", "b -> read -> o", user("read", outputs={"seen": "opinion"}, each=READS))
    flows = "start -> write -> split; split -> again -> join; split -> wait -> body -> join; join -> last -> done"
    diagram = within_process(
        a_diagram(
            flows, *parallel("split", "join"), node, user("again", outputs={"opinion": "note"}, each=WRITES), deep
        ),
        OPINION,
    )
    case = Case(a_program(diagram), way).do("write", note="yes")
    assert case.values("wait") == {}
    case.do("again", note="no").do("wait")
    assert case.values("read") == {"opinion": "no"}
    assert case.do("read").values("last") == {"seen": "no"}


@executed(
    "data object read before it is written",
    is_refused_too=True,
    zh="没有写入过的数据对象读取时是故障（检查时也会拒绝）",
    en="reading a data object that nobody has written is a fault (and refused before)",
)
def an_unwritten_data_object_is_a_fault(way: Way) -> None:
    diagram = within_process(a_diagram("start -> read -> done", user("read", each=READS)), OPINION)
    with pytest.raises(DiagramFault, match="opinion"):
        Case(a_program(diagram), way)
    assert "data_object" in {finding.rule for finding in lint(a_folder(diagram), Known())}


@executed(
    "data object read by an event that waits",
    zh="等待的事件发生时才读数据对象：来一次添一项，一项不少",
    en="an event that waits reads a data object when it happens: each time it adds, and nothing is lost",
)
def an_event_reads_a_data_object_when_it_happens(way: Way) -> None:
    adds = {"opinion": "concatenate(opinion, [said])"}
    event = f"{READS}{WRITES}{about('message', 'voice')}"
    heard = boundary("heard", "wait", event, interrupting=False, outputs=adds)
    nodes = (user("write", outputs={"opinion": "[]"}, each=WRITES), heard, user("read", each=READS))
    flows = "start -> write -> wait -> read -> done; heard -> noted"
    case = Case(a_program(within_process(a_diagram(flows, *nodes), OPINION)), way).do("write")
    for said in ("one", "two", "three"):
        case.deliver("voice", said=said)
    assert case.do("wait").values("read") == {"opinion": ["one", "two", "three"]}


LANES = """<bpmn:laneSet id="lanes"><bpmn:lane id="county" name="county"><bpmn:flowNodeRef>body</bpmn:flowNodeRef>
<bpmn:childLaneSet id="inner"><bpmn:lane id="office" name="office"><bpmn:flowNodeRef>body</bpmn:flowNodeRef></bpmn:lane>
</bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"""


@executed(
    "lane",
    "laneSet",
    "lanes, nested, and in sub-processes",
    zh="泳道：只供阅读，办理人写在任务上",
    en="lanes tell the reader; who does a task is written on it",
)
def lanes_change_nothing(way: Way) -> None:
    program = a_program(within_process(a_diagram("start -> body -> done", inside("body", "b -> work -> o")), LANES))
    lane = program.process("main").lane_of("body")
    assert lane is not None
    assert lane.name == "office"
    assert Case(program, way).do("work").ended == "done"


TOLD_IN_PROCESS = {
    "textAnnotation": '<bpmn:textAnnotation id="n"><bpmn:text>today</bpmn:text></bpmn:textAnnotation>',
    "text": '<bpmn:textAnnotation id="n"><bpmn:text>today</bpmn:text></bpmn:textAnnotation>',
    "association": '<bpmn:association id="n" sourceRef="work" targetRef="work"/>',
    "group": '<bpmn:group id="n" categoryValueRef="v"/>',
    "auditing": '<bpmn:auditing id="n"/>',
    "monitoring": '<bpmn:monitoring id="n"/>',
    "property": '<bpmn:property id="n" name="n"/>',
    "dataState": '<bpmn:dataObject id="seen"><bpmn:dataState id="s"/></bpmn:dataObject>',
}
_POOL = (
    '<bpmn:collaboration id="n"><bpmn:participant id="p" processRef="main"/><bpmn:participant id="q"/>{}'
    "</bpmn:collaboration>"
)
TOLD_BESIDE = {
    "collaboration": _POOL.format(""),
    "participant": _POOL.format(""),
    "messageFlow": _POOL.format('<bpmn:messageFlow id="f" sourceRef="p" targetRef="q"/>'),
    "messageFlowAssociation": _POOL.format(
        '<bpmn:messageFlowAssociation innerMessageFlowRef="f" outerMessageFlowRef="f"/>'
    ),
    "participantAssociation": _POOL.format("<bpmn:participantAssociation/>"),
    "conversation": _POOL.format('<bpmn:conversation id="c"/>'),
    "subConversation": _POOL.format('<bpmn:subConversation id="c"/>'),
    "callConversation": _POOL.format('<bpmn:callConversation id="c"/>'),
    "conversationLink": _POOL.format('<bpmn:conversationLink id="c" sourceRef="p" targetRef="q"/>'),
    "conversationAssociation": _POOL.format("<bpmn:conversationAssociation/>"),
    "globalConversation": '<bpmn:globalConversation id="n"/>',
    "category": '<bpmn:category id="n"><bpmn:categoryValue id="v" value="v"/></bpmn:category>',
    "categoryValue": '<bpmn:category id="n"><bpmn:categoryValue id="v" value="v"/></bpmn:category>',
    "itemDefinition": '<bpmn:itemDefinition id="n"/>',
    "resource": '<bpmn:resource id="n" name="n"><bpmn:resourceParameter id="r"/></bpmn:resource>',
    "resourceParameter": '<bpmn:resource id="n" name="n"><bpmn:resourceParameter id="r"/></bpmn:resource>',
    "partnerEntity": '<bpmn:partnerEntity id="n"/>',
    "partnerRole": '<bpmn:partnerRole id="n"/>',
    "relationship": '<bpmn:relationship type="n"/>',
    "extension": "<bpmn:extension/>",
    "import": '<bpmn:import namespace="n" location="n" importType="n"/>',
}


@executed(
    *TOLD_IN_PROCESS,
    *TOLD_BESIDE,
    zh="只供阅读的内容：照样运行，不起作用，标准里也没有执行含义",
    en="what only tells its reader: it runs as if it were not there, as the standard has it",
)
def what_only_tells_its_reader_changes_nothing(way: Way) -> None:
    plain = a_diagram("start -> work -> done")
    drawn = [within_process(plain, xml) for xml in TOLD_IN_PROCESS.values()]
    drawn += [beside_process(plain, xml) for xml in TOLD_BESIDE.values()]
    usual = {finding.rule for finding in lint(a_folder(plain), Known())}
    for diagram in drawn:
        assert {finding.rule for finding in lint(a_folder(diagram), Known())} <= usual | {"snake_case_id"}
        assert Case(a_program(diagram), way).do("work").ended == "done"


PARTS = {
    "ioSpecification": "<bpmn:ioSpecification/>",
    "dataInput": '<bpmn:ioSpecification><bpmn:dataInput id="i"/></bpmn:ioSpecification>',
    "dataOutput": '<bpmn:ioSpecification><bpmn:dataOutput id="i"/></bpmn:ioSpecification>',
    "inputSet": "<bpmn:ioSpecification><bpmn:inputSet/></bpmn:ioSpecification>",
    "outputSet": "<bpmn:ioSpecification><bpmn:outputSet/></bpmn:ioSpecification>",
    "resourceRole": "<bpmn:resourceRole/>",
    "performer": "<bpmn:performer/>",
    "humanPerformer": "<bpmn:humanPerformer/>",
    "potentialOwner": "<bpmn:potentialOwner/>",
    "resourceAssignmentExpression": "<bpmn:potentialOwner><bpmn:resourceAssignmentExpression/></bpmn:potentialOwner>",
    "resourceParameterBinding": "<bpmn:potentialOwner><bpmn:resourceParameterBinding/></bpmn:potentialOwner>",
    "rendering": "<bpmn:rendering/>",
    "ioBinding": "<bpmn:ioBinding/>",
    "assignment": "<bpmn:dataInputAssociation><bpmn:assignment/></bpmn:dataInputAssociation>",
}
for part, xml in PARTS.items():
    refused(
        "unsupported_part",
        a_diagram("start -> work -> done", user("work", each=xml)),
        part,
        zh="标准里的参数、人员部分",
        en="parts of the standard for parameters and people",
    )
for part in ("dataStoreReference", "correlationSubscription", "supports"):
    refused(
        "unsupported_part",
        within_process(a_diagram("start -> work -> done"), f'<bpmn:{part} id="n"/>'),
        part,
        zh="数据存储、标准的关联",
        en="data stores, the standard's correlation",
    )
BESIDE = (
    "choreography",
    "globalChoreographyTask",
    "globalTask",
    "globalUserTask",
    "globalManualTask",
    "globalScriptTask",
    "globalBusinessRuleTask",
    "dataStore",
    "interface",
    "endPoint",
    "correlationProperty",
    "eventDefinition",
)
for part in BESIDE:
    refused(
        "unsupported_part",
        beside_process(a_diagram("start -> work -> done"), f'<bpmn:{part} id="n"/>'),
        part,
        zh="流程之外不能运行的内容",
        en="what stands beside the process and cannot run",
    )
refused(
    "unsupported_part",
    beside_process(
        a_diagram("start -> work -> done"), '<bpmn:interface id="n"><bpmn:operation id="o"/></bpmn:interface>'
    ),
    "operation",
    zh="接口与操作",
    en="interfaces and operations",
)
for part in ("correlationKey", "participantMultiplicity"):
    refused(
        "unsupported_part",
        beside_process(a_diagram("start -> work -> done"), _POOL.format(f'<bpmn:{part} id="n"/>')),
        part,
        zh="标准的关联、多份参与者",
        en="the standard's correlation, multiple participants",
    )
for part in ("correlationPropertyBinding", "correlationPropertyRetrievalExpression"):
    inner = f'<bpmn:correlationProperty id="n"><bpmn:{part} id="o"/></bpmn:correlationProperty>'
    refused(
        "unsupported_part",
        beside_process(a_diagram("start -> work -> done"), inner),
        part,
        zh="标准的关联",
        en="the standard's correlation",
    )
for part in ("choreographyTask", "subChoreography", "callChoreography"):
    refused(
        "unsupported_part",
        beside_process(
            a_diagram("start -> work -> done"), f'<bpmn:choreography id="n"><bpmn:{part} id="o"/></bpmn:choreography>'
        ),
        part,
        zh="编排图",
        en="choreographies",
    )
