"""The section on provenance: which run the report shows, how to repeat it, and what it does not claim."""

from collections.abc import Mapping

from watersellers.experiments.saving.own_source import described
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.reports.html_parts import paragraph, section
from watersellers.viz.reports.run_tables import Run
from watersellers.viz.words.catalogue import MISSING, Words

FACTS = ("months", "users", "set", "changes", "strategies", "backend", "code", "digest", "started", "status")


def sources(run: Run, say: Words) -> Markup:
    """Make the section."""
    name, text = scenario_of(run)
    versions = run.manifest.get("versions")
    version = versions.get("watersellers") if isinstance(versions, Mapping) else versions
    seed = str(run.manifest.get("seed"))
    facts = {"scenario": name, "question": question(run), "version": version, "seed": seed}
    facts |= {key: run.manifest.get(key) for key in FACTS}
    facts["strategies"] = {path: described(each) for path, each in (run.manifest.get("strategies") or {}).items()}
    facts["changes"] = [f"{each['month']} {each['path']} = {each['value']}" for each in run.manifest.get("changes", ())]
    known = [(say(f"sources.{key}"), _plain(value, say)) for key, value in facts.items() if value is not None]
    pairs = [part for term, value in known for part in (element("dt", {}, term), element("dd", {}, value))]
    listed = element("dl", {}, *pairs)
    shown = element("pre", {"tabindex": "0"}, text)
    full = element("details", {}, element("summary", {}, say("sources.text")), shown)
    parts = [paragraph(say("sources.all")), listed, paragraph(say("sources.parameters")), *([full] if text else [])]
    return section("sources", say, *parts, paragraph(say("sources.not"), "claim"))


def has_warnings(run: Run) -> bool:
    """Say whether the scenario was warned of, or firms were removed from what it extends."""
    return bool(run.manifest.get("warnings") or run.manifest.get("notes"))


def warnings(run: Run, say: Words) -> Markup:
    """Make the section on what never does what it is there for, and on what was removed; sentences are in English."""
    parts = []
    for key in ("warnings", "notes"):
        sentences = run.manifest.get(key) or []
        listed = [element("li", {"lang": "en"}, str(sentence)) for sentence in sentences]
        parts += [paragraph(say(f"warnings.{key}")), element("ul", {}, *listed)] if listed else []
    return section("warnings", say, *parts)


def scenario_of(run: Run) -> tuple[str, str]:
    """Return the scenario's name and its full text."""
    scenario = run.manifest.get("scenario") or {}
    return str(scenario.get("name", MISSING)), str(scenario.get("text", ""))


def question(run: Run) -> str | None:
    """Return the scenario's question: the comment in the first line of its text."""
    first = scenario_of(run)[1].lstrip().split("\n")[0]
    return first.lstrip("# ").strip() if first.startswith("#") else None


def _plain(value: object, say: Words) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {each}" for key, each in value.items()) or say("sources.nothing")
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or say("sources.nothing")
    return f"{value:,}" if isinstance(value, int) else str(value)
