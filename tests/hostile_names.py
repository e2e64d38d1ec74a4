"""Names that terminals, pages, spreadsheets and CI jobs would obey."""

import unicodedata

PARTS = [
    "\x1b[31m",
    "\x1b]8;;http://evil.example\x07",
    "\x9b2J",
    "\x15",
    "\u202e",
    "\u2066",
    "\u2028",
    "\n::error::x",
    "\r\n  ::add-mask::a",
    "::warning file=a::b",
    "##[error]",
    "##vso[task.complete]",
    "`",
    "``",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t",
    "\r",
    "\ufffe",
    "$x$",
    "</td><script>",
    "&lt;",
    "| a |",
    "# a",
    "~~a~~",
    "https://evil.example",
    "W" * 5000,
    "'",
    "\\",
    "日本",
    "🎉",
    "ابجد",
]


def acts(text: str) -> list[str]:
    """Return the characters that a terminal or a page obeys, as the Unicode database has them."""
    embedding = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return [
        each
        for each in text
        if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(each) in embedding
        or each in "\u061c\u200e\u200f"
    ]


def is_command(line: str) -> bool:
    """Return whether a runner takes the line for a command, by the rules of GitHub's and Azure's."""
    return line.strip().startswith("::") or "##[" in line or "##vso[" in line
