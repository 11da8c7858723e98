"""The built-in functions of FEEL (DMN 1.5, clause 10.3.4), by family.

`now` and `today` are not among them: the time is lent by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.callables import Builtin
from engine.feel.functions import aggregates, contexts, dates, lists, numbers, ranges, strings

BUILTINS: Mapping[str, Builtin] = {
    **strings.library.functions,
    **numbers.library.functions,
    **lists.library.functions,
    **aggregates.library.functions,
    **dates.library.functions,
    **contexts.library.functions,
    **ranges.library.functions,
}
