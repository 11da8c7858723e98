"""Papers: what people attach to a whistle, checked by content and kept outside the database under its own hash."""

from processes.papers.errors import PaperRejected
from processes.papers.names import clean_name
from processes.papers.rules import DEFAULT_ACCEPT, PaperRules, StoredPaper
from processes.papers.store import PaperStore

__all__ = ["DEFAULT_ACCEPT", "PaperRejected", "PaperRules", "PaperStore", "StoredPaper", "clean_name"]
