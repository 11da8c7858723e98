"""The engine: runs a folder of BPMN diagrams. Knows diagrams, time, work and storage; no whistle, no county, no web."""
