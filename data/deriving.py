"""A mapping made from another one: names changed by a rule, a source put in another's place, words added to recodes.

A system that renamed every field by one rule needs that rule and no second mapping; a company whose CRM has fields and
words of its own says only those.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from data.declared import Section
from data.errors import BadMapping, guess_or_list

# Words for people stay as they are, whatever the rule renames.
_WORDS = ("because", "title", "id", "table")
_DEEPEST = 5
Read = Callable[[str], Mapping[str, Any]]


def whole(declared: Mapping[str, Any], where: str, read: Read, depth: int = 0) -> Mapping[str, Any]:
    """A mapping as if it had been written out: with what it derives from another one, read by name, put in.

    Raises BadMapping where the rule cannot be followed, or leads in a circle.
    """
    if "derive" not in declared:
        return declared
    name = declared["derive"]
    if not isinstance(name, str) or depth >= _DEEPEST:
        words = "derive is not the name of a mapping" if not isinstance(name, str) else "derive leads in a circle"
        raise BadMapping(words, where=where, todo='Write derive = "veeva_crm", say.')
    own = {key: value for key, value in declared.items() if key not in ("derive", "rename", "without")}
    base = dict(whole(read(name), where, read, depth + 1))
    rules = _rules(declared, where)
    base["source"] = [_renamed(source, _of(rules, source)) for source in _tables(base.get("source", ()), where)]
    base["recode"] = _renamed(base.get("recode", {}), _of(rules, {}))
    return {**base, **own, **_put_together(base, own, _without(declared, base, where), where)}


def _tables(given: Any, where: str) -> Sequence[Mapping[str, Any]]:
    return Section({"source": given}, where, ("source",)).tables("source") if given else ()


def _rules(declared: Mapping[str, Any], where: str) -> list[tuple[re.Pattern[str], str, bool, str | None]]:
    rules = []
    for item in Section(declared, where, declared).tables("rename"):
        rule = Section(item, f"{where}, rename", ("pattern", "to", "lower", "source"))
        pattern = rule.needed("pattern")
        try:
            compiled = re.compile(pattern)
            re.sub(compiled, rule.text("to") or "", "")
        except (re.error, IndexError) as problem:
            words = f'pattern "{pattern}" cannot be read: {problem}'
            raise BadMapping(words, where=rule.where, todo="Correct it.") from problem
        rules.append((compiled, rule.text("to") or "", rule.flag("lower"), rule.text("source")))
    return rules


def _of(
    rules: Sequence[tuple[re.Pattern[str], str, bool, str | None]], source: Mapping[str, Any]
) -> Callable[[str], str]:
    """The rules that hold for one source, as a function of a text."""

    def rename(text: str) -> str:
        for pattern, to, lower, only in rules:
            if only is None or only == source.get("id"):
                text = pattern.sub(partial(_anew, to, lower), text)
        return text

    return rename


def _anew(to: str, lower: bool, found: re.Match[str]) -> str:
    return found.expand(to).lower() if lower else found.expand(to)


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return rename(value)
    if isinstance(value, Mapping):
        return {rename(k): v if k in _WORDS else _renamed(v, rename) for k, v in value.items()}
    return [_renamed(each, rename) for each in value] if isinstance(value, list) else value


def _without(declared: Mapping[str, Any], base: Mapping[str, Any], where: str) -> tuple[str, ...]:
    ids = [source.get("id") for source in base["source"]]
    dropped = Section(declared, where, declared).texts("without")
    for id in dropped:
        if id not in ids:
            raise BadMapping(f'no source "{id}" to go without', where=where, todo=guess_or_list(id, map(str, ids)))
    return dropped


def _put_together(
    base: Mapping[str, Any], own: Mapping[str, Any], dropped: Sequence[str], where: str
) -> dict[str, Any]:
    sources = {source.get("id"): source for source in base["source"] if source.get("id") not in dropped}
    sources |= {str(source.get("id")): source for source in _tables(own.get("source", ()), where)}
    recodes = dict(base["recode"])
    told = Section(own, where, own)
    for name, words in told.table("recode").items():
        recodes[name] = {**recodes.get(name, {}), **words} if isinstance(words, Mapping) else words
    lists = {key: [*base.get(key, ()), *told.tables(key)] for key in ("reference", "not_used")}
    return {"source": list(sources.values()), "recode": recodes, **{k: v for k, v in lists.items() if v}}


def with_called(items: Sequence[Mapping[str, Any]], called: Mapping[str, Any], where: str) -> list[Mapping[str, Any]]:
    """The sources with what their files call a column, where a mapping says it beside them."""
    section, ids = Section(called, where, called), [str(item.get("id")) for item in items]
    for id in called:
        if id not in ids:
            raise BadMapping(f'there is no source "{id}"', where=where, todo=guess_or_list(id, ids))
    own = {id: section.pairs(id) for id in called}
    return [{**item, "called": own[str(item.get("id"))]} if str(item.get("id")) in own else item for item in items]
