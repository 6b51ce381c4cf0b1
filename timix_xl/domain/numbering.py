"""Series patterns and the numbers they make."""

import re
from dataclasses import dataclass

_FIELD = re.compile(r"\{(year|seq)(?::0([0-9])d)?\}")


@dataclass(frozen=True, slots=True)
class SeriesPattern:
    """How the numbers of a series look, for example INV-{year}-{seq:05d}."""

    text: str

    def problem(self) -> str | None:
        """Say what is wrong with the pattern, if anything."""
        fields = [match.group(1) for match in _FIELD.finditer(self.text)]
        if fields.count("seq") != 1:
            return "it needs {seq} once, for example INV-{year}-{seq:05d}"
        if fields.count("year") > 1:
            return "it has {year} more than once"
        if "{" in (rest := _FIELD.sub("", self.text)) or "}" in rest:
            return "only {year} and {seq}, perhaps {seq:05d}, can stand in braces"
        if re.search(r"\d$", self.text[: self.text.index("{seq")]) or "}{" in self.text:
            return "a digit or another field directly before {seq} makes numbers ambiguous"
        if self.text.upper().startswith("DRAFT-"):
            return "DRAFT- is how drafts are named, which have no number yet"
        if not self.text.isprintable() or self.text != self.text.strip():
            return "it has a blank at an end or a control character"
        return None

    @property
    def yearly(self) -> bool:
        """Whether each year has a series of its own."""
        return "{year}" in self.text

    def number(self, *, year: int, seq: int) -> str:
        """Make the number of a place in the series."""
        return _FIELD.sub(lambda match: _filled(match, year, seq), self.text)

    def parse(self, number: str) -> tuple[int | None, int] | None:
        """Return (year, seq) if this pattern could have made the number."""
        match = re.fullmatch(self._regex(), number)
        if not match:
            return None
        found = match.groupdict()
        return (int(found["year"]) if "year" in found else None, int(found["seq"]))

    def _regex(self) -> str:
        # No series comes to more than 18 digits; Python reads no thousands of them.
        groups = {"year": "(?P<year>[0-9]{4})", "seq": "(?P<seq>[0-9]{1,18})"}
        parts, at = [], 0
        for match in _FIELD.finditer(self.text):
            parts += [re.escape(self.text[at : match.start()]), groups[match.group(1)]]
            at = match.end()
        return "".join([*parts, re.escape(self.text[at:])])

    def may_collide_with(self, other: "SeriesPattern") -> bool:
        """Whether the two patterns could make the same number (errs on the safe side)."""
        one, two = self.text, other.text
        return _alike(_head(one), _head(two)) and _alike(_tail(one)[::-1], _tail(two)[::-1])

    def may_share_files_with(self, other: "SeriesPattern") -> bool:
        """Whether PDFs of the two could have the same name: capitals and strokes do not tell apart."""
        return _filed(self).may_collide_with(_filed(other))


def _filed(pattern: SeriesPattern) -> SeriesPattern:
    """Return the pattern of the names of files."""
    flat = re.sub(r'[<>:"/\\|?*\s._]+', "_", pattern.text.casefold())
    return SeriesPattern(flat.strip("_"))


def _head(pattern: str) -> str:
    return pattern[: pattern.index("{")]


def _tail(pattern: str) -> str:
    return pattern[pattern.rindex("}") + 1 :]


def _filled(match: re.Match[str], year: int, seq: int) -> str:
    value = year if match.group(1) == "year" else seq
    return str(value).zfill(int(match.group(2) or 1))


def _alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
