"""Letters: templates that staff edit in WPS or Word, filled with what a diagram gives, and the same letter as PDF.

DC-12: 督办函. A template has nothing but fields, `{{ name }}`; what else it may hold the room's checks say.
"""

from processes.letters.errors import LetterRefused, NoFont
from processes.letters.page import as_pdf
from processes.letters.series import Series, read_series
from processes.letters.template import Template, read_template
from processes.letters.words import said

__all__ = ["LetterRefused", "NoFont", "Series", "Template", "as_pdf", "read_series", "read_template", "said"]
