"""The only room that knows SpiffWorkflow: nodes, gateways, events, stepping and the codec of a running case.

Everything here is pinned to the exact library version in pyproject.toml, because some overridden methods are private;
the random walks in `tests/engine` are the guard.
"""
