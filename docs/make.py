"""The page docs/findings.md, made from the kinds of findings."""

from pathlib import Path

from jinja2 import Environment, StrictUndefined

from toolkit.catalog.kinds import ALLOWABLE, KINDS, explained

_HERE = Path(__file__).parent


def findings() -> str:
    """Return the page, as `make docs` writes it."""
    # Markdown, with no text but the toolkit's own in it
    template = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    template.filters["text"] = lambda words: words.replace("<", "\\<")  # `<agent id>` is no HTML
    return template.from_string((_HERE / "findings.j2").read_text(encoding="utf-8")).render(
        kinds={kind: explained(kind) for kind in KINDS},
        allowed=lambda kind: " ".join(f"`{entry}`" for entry in ALLOWABLE if entry.split(":")[0] == kind),
    )


if __name__ == "__main__":
    (_HERE / "findings.md").write_text(findings(), encoding="utf-8")
