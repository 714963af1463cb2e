"""How a page of ours looks as HTML, in light and in dark."""

from __future__ import annotations

STYLE = """\
:root { color-scheme: light dark; --line: #d1d9e0; --quiet: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --quiet: #151b23; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.25; }
h2 { font-size: 1.25rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; overflow-wrap: normal; }
th, td { border: 1px solid var(--line); padding: .3rem .7rem; text-align: left; vertical-align: top; }
th { background: var(--quiet); }
td:first-child { white-space: nowrap; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code, pre { font: .875em/1.5 ui-monospace, monospace; background: var(--quiet); border-radius: 4px; }
code { padding: .1em .3em; }
pre { padding: .8rem; white-space: pre-wrap; }
"""
