"""Every tag that BPMN 2.0 has, as its schema (BPMN20.xsd, Semantic.xsd) names them; a test compares."""

from __future__ import annotations

_NAMES = """
    activationCondition activity adHocSubProcess artifact assignment association auditing baseElement
    baseElementWithMixedContent boundaryEvent businessRuleTask callActivity callChoreography callConversation
    callableElement cancelEventDefinition catchEvent category categoryValue categoryValueRef childLaneSet
    choreography choreographyActivity choreographyRef choreographyTask collaboration compensateEventDefinition
    completionCondition complexBehaviorDefinition complexGateway condition conditionExpression
    conditionalEventDefinition conversation conversationAssociation conversationLink conversationNode correlationKey
    correlationProperty correlationPropertyBinding correlationPropertyRef correlationPropertyRetrievalExpression
    correlationSubscription dataAssociation dataInput dataInputAssociation dataInputRefs dataObject
    dataObjectReference dataOutput dataOutputAssociation dataOutputRefs dataPath dataState dataStore
    dataStoreReference definitions documentation endEvent endPoint endPointRef error errorEventDefinition errorRef
    escalation escalationEventDefinition event eventBasedGateway eventDefinition eventDefinitionRef exclusiveGateway
    expression extension extensionElements flowElement flowNode flowNodeRef formalExpression from gateway
    globalBusinessRuleTask globalChoreographyTask globalConversation globalManualTask globalScriptTask globalTask
    globalUserTask group humanPerformer implicitThrowEvent import inMessageRef inclusiveGateway incoming
    innerParticipantRef inputDataItem inputSet inputSetRefs interface interfaceRef intermediateCatchEvent
    intermediateThrowEvent ioBinding ioSpecification itemDefinition lane laneSet linkEventDefinition loopCardinality
    loopCharacteristics loopCondition loopDataInputRef loopDataOutputRef manualTask message messageEventDefinition
    messageFlow messageFlowAssociation messageFlowRef messagePath monitoring multiInstanceLoopCharacteristics
    operation operationRef optionalInputRefs optionalOutputRefs outMessageRef outerParticipantRef outgoing
    outputDataItem outputSet outputSetRefs parallelGateway participant participantAssociation
    participantMultiplicity participantRef partitionElement partnerEntity partnerRole performer potentialOwner
    process property receiveTask relationship rendering resource resourceAssignmentExpression resourceParameter
    resourceParameterBinding resourceRef resourceRole rootElement script scriptTask sendTask sequenceFlow
    serviceTask signal signalEventDefinition source sourceRef standardLoopCharacteristics startEvent subChoreography
    subConversation subProcess supportedInterfaceRef supports target targetRef task terminateEventDefinition text
    textAnnotation throwEvent timeCycle timeDate timeDuration timerEventDefinition to transaction transformation
    userTask whileExecutingInputRefs whileExecutingOutputRefs
"""

STANDARD_TAGS = frozenset(_NAMES.split())
