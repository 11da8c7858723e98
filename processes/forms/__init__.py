"""Forms: a county's form-js files, checked, shown and answered. Reads and checks only; knows no case, no web page."""

from processes.forms.bind import TaskForm, bind, prefilled
from processes.forms.clean import Cleaned, clean
from processes.forms.facts import facts_of
from processes.forms.form import Field, Form, Option, Outcome
from processes.forms.posted import Posted, as_formdata
from processes.forms.read import read_form
from processes.forms.refusals import BrokenForm, FieldError, Finding, Invalid, UnreadableForm
from processes.forms.rows import Edited, asks_for_rows, edit_rows
from processes.forms.show import Line, Row, show
from processes.forms.uploads import Received, receive
from processes.forms.world import NO_CASES, Cases, Lists, PaperRef, World

__all__ = [
    "NO_CASES",
    "BrokenForm",
    "Cases",
    "Cleaned",
    "Edited",
    "Field",
    "FieldError",
    "Finding",
    "Form",
    "Invalid",
    "Line",
    "Lists",
    "Option",
    "Outcome",
    "PaperRef",
    "Posted",
    "Received",
    "Row",
    "TaskForm",
    "UnreadableForm",
    "World",
    "as_formdata",
    "asks_for_rows",
    "bind",
    "clean",
    "edit_rows",
    "facts_of",
    "prefilled",
    "read_form",
    "receive",
    "show",
]
