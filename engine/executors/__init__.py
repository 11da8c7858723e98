"""Who does the jobs: a thread beside the web server, processes of their own, or Celery as their carrier."""

from engine.executors.executor import CEILING, Clock, Executor

__all__ = ["CEILING", "Clock", "Executor"]
