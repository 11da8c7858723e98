"""Expressions made to keep a server busy or to fill its memory."""

from collections.abc import Callable, Mapping
from decimal import Decimal


def _filled(opening: str, part: str, closing: str = "") -> Callable[[int], str]:
    """A maker of texts at least so long, most of each the same part again and again."""
    return lambda length: opening + part * -(-(length - len(opening + closing)) // len(part)) + closing


def _entries(length: int) -> str:
    """A context whose entries all have names of their own."""
    return "{" + ", ".join(f"name_{number:06}: {number:06}" for number in range(length // 21 + 1)) + "}"


ANY_LENGTH: Mapping[str, Callable[[int], str]] = {
    "a sum": _filled("1", "+1"),
    "a list": _filled("[1", ",1", "]"),
    "a text": _filled('"', "x", '"'),
    "a Chinese text": _filled('"', "哨", '"'),
    "a text of escapes": _filled('"', "\\n", '"'),
    "ifs in ifs": _filled("", "if a then 1 else ", "1"),
    "conditions in conditions": lambda length: "if " * (length // 20) + "a" + " then a else null" * (length // 20),
    "a chain of or": _filled("a", " or a"),
    "a chain of and": _filled("a = 1", " and a = 1"),
    "a number": _filled("", "7"),
    "a fraction": _filled("0.", "7"),
    "a context": _entries,
    "a context of one name": _filled("{a: 1", ", a: 1", "}"),
    "a name": _filled("a", "b"),
    "arguments": _filled("max(a", ", a", ")"),
    "tests": _filled("a in (1", ", a", ")"),
    "joined texts": _filled('"x"', '+"x"'),
    "a text that never ends": _filled('"', "x"),
}
NINES = "9" * 6000
DOUBLING = ", ".join(["a0: [1, 1]", *(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 60))])
GROWING = ", ".join(['t0: "0123456789"', *(f"t{n}: t{n - 1} + t{n - 1}" for n in range(1, 60))])
TOO_MUCH = {
    "a loop in a loop": "for i in 1..9999, j in 1..9999 return i",
    "loops within a loop": "for i in 1..100 return for j in 1..100 return for k in 1..100 return i * j * k",
    "a huge range": "count(for i in 1..1000000000 return i)",
    "a huge range backwards": "count(for i in 1000000000..-1000000000 return i)",
    "a search without a find": "some i in 1..1000000000 satisfies i < 0",
    "a proof without end": "every i in 1..1000000000, j in 1..1000000000 satisfies i > 0",
    "a loop over all days": 'for d in @"-999999999-01-01"..@"999999999-12-31" return d',
    "brackets": "(" * 3000 + "1" + ")" * 3000,
    "lists": "[" * 3000 + "]" * 3000,
    "contexts": "{a:" * 3000 + "1" + "}" * 3000,
    "negations": "-" * 3000 + "1",
    "nots": "not(" * 3000 + "true" + ")" * 3000,
    "a long sum": "1" + "+1" * 5000,
    **{f"100 kB of {name}": made(100_000) for name, made in ANY_LENGTH.items()},
    "endless blanks": " " * 100_000 + "1",
    "a long path": "a" + ".a" * 5000,
    "a long filter": "a" + "[1]" * 3000,
    "a long if": "if a then 1 else " * 500 + "1",
    "nested functions": "function(x) " * 500 + "1",
    "nested types": "a instance of " + "list<" * 500 + "number" + ">" * 500,
    "nested ins": "a in (" * 500 + "1" + ")" * 500,
    "nested loops": "for x in " * 500 + "a" + " return x" * 500,
    "half a range": "[1.." * 500,
    "a number of too many digits": NINES * 3,
    "too much text": '"' + "x" * 30_000 + '"',
    "endless recursion": "(function(f) f(f))(function(f) f(f))",
    "deep recursion": "(function(f) f(f, 5000))(function(f, n) if n = 0 then 0 else 1 + f(f, n - 1))",
    "two calls for each": "{fib: function(n) if n < 2 then n else fib(n - 1) + fib(n - 2), all: fib(40)}.all",
    "filters in filters": "biglist[count(biglist[item > 1]) > 1]",
    "a filter for each pair": "biglist[some x in biglist satisfies x < 0]",
    "doubled texts": "{" + GROWING + "}.t59",
    "a text repeated": 'for i in 0..60 return if i = 0 then "x" else partial[-1] + partial[-1]',
    "a list repeated": "for i in 0..60 return if i = 0 then [1] else concatenate(partial[-1], partial[-1])",
    "a list wrapped up": "for i in 0..5000 return [partial[-1]]",
    "texts in a loop": "for i in 1..90000 return string(i) + longtext",
    "giant numbers written out": "for i in 1..90000 return string(1e6144)",
    "flattening what doubles": "flatten({" + DOUBLING + "}.a59)",
    "writing what doubles": "string({" + DOUBLING + "}.a59)",
    "comparing what doubles": "{" + DOUBLING + ", b: a59 = [a58, a58]}.b",
    "returning what doubles": "{" + DOUBLING + "}.a59",
    "lending what doubles": "plus({" + DOUBLING + "}.a59)",
    "testing what doubles": "2 in ({" + DOUBLING + "}.a59)",
    "typing what doubles": "{" + DOUBLING + ", b: a59 instance of " + "list<" * 30 + "Any" + ">" * 30 + "}.b",
    "merging large contexts": "for i in 1..1000 return context merge(for j in 1..50 return large)",
    "each within all before": "for x in 1..60 return [x, partial]",
    "sorting by a costly order": "sort(biglist, function(a, b) count(biglist[item > a]) > 1)",
    "distinct values of many": "distinct values(biglist)",
    "a catastrophic pattern": 'matches("' + "a" * 40 + '!", "^(a|aa)+$")',
    "a pattern of patterns": 'matches(longtext, "((x+)+)+y")',
    "many slow patterns": 'for i in 1..1000 return matches("' + "a" * 30 + '!" + string(i), "^(a|aa)+$")',
    "replacing by a slow pattern": 'replace("' + "a" * 40 + '!", "(a|aa)+$", "b")',
    "splitting by a slow pattern": 'split("' + "a" * 40 + '!", "(a|aa)+$")',
    "a growing replacement": 'replace(longtext, "x", longtext)',
    "joining long texts": "string join(for i in 1..1000 return longtext)",
}
HARMLESS = {
    "a giant power": "10 ** 5000000",
    "a tower of powers": "9 ** 9 ** 9 ** 9",
    "a giant power of a fraction": "1.0000001 ** 999999999999999999",
    "powers to and fro": "(1e6144 ** 1e6144) ** -1e6144",
    "a giant exponential": "exp(1e6144)",
    "the rest of giants": "modulo(1e6144, 1e-6143)",
    "a giant root": "sqrt(9e6144) * sqrt(9e6144) * 10",
    "a giant number times a month": 'duration("P1M") * 1e6000',
    "a giant number times a day": 'duration("P1D") * 1e6000',
    "a giant duration": 'duration("P' + NINES + 'D")',
    "giant years": 'date("' + NINES + '-01-01")',
    "giant parts of a date": "date(1e6000, 1e6000, 1e6000)",
    "a giant offset": 'time(1, 1, 1, @"P99999999999D")',
    "a giant position": "[1, 2][1e6000]",
    "a giant substring": 'substring("abc", 1, 1e6000)',
    "a giant scale": "round up(1, 1e6000)",
    "a range of giants": "count([1e6000..2e6000])",
    "no such zone": 'time("10:00:00@../../etc/passwd")',
    "a zone that is a folder": 'time("10:00:00@America")',
    "a giant repetition": 'matches("a", "((a{1000}){1000}){1000}")',
    "an unclosed class": 'matches("a", "[a")',
    "a look-behind": 'matches("a", "(?<=a)b")',
    "a recursive pattern": 'matches("a", "(?R)")',
    "a lone surrogate": '"\\ud800" + "x"',
    "a null in a range": "1 in [null..null]",
    "calling a number": "5(3)",
    "sorting unlike things": 'sort([1, "a", null, [2]])',
    "the year one": '@"0001-01-01" - @"P1D"',
    "the last instant": '@"9999-12-31T23:59:59@Asia/Shanghai" + @"PT1S"',
    "the first instant in a far zone": '@"0001-01-01T00:00:00+14:00" < @"0001-01-01T00:00:00-14:00"',
    "the end of all years": '@"999999999-12-31T23:59:59-14:00" + @"P999999999Y"',
    "the beginning of all years": '@"-999999999-01-01T00:00:00@Europe/Paris" - @"PT99999999H"',
}
VALUES = {
    "biglist": [Decimal(n) for n in range(5000)],
    "longtext": "x" * 50_000,
    "large": {str(n): n for n in range(1000)},
}
