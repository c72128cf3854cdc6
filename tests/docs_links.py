"""Every relative link in the Markdown files leads to a file that exists, and to a heading in it if it names one."""

import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
link = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
code = re.compile(r"`[^`]*`")


def text_of(path):
    """(number, line) of all lines outside of code blocks, with inline code left out."""
    fenced = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            yield number, line


def anchors(path):
    """The names under which the headings can be reached."""
    names = set()
    for _, line in text_of(path):
        if not re.match(r"#{1,6} ", line):
            continue
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("#").strip()).lower()
        name = re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")
        count = 0
        while (unique := f"{name}-{count}" if count else name) in names:
            count += 1
        names.add(unique)
    return names


foreign = {"build", ".git", "node_modules"}
files = [p for p in sorted(root.rglob("*.md")) if not foreign.intersection(p.relative_to(root).parts)]
wrong, links = [], 0
for path in files:
    for number, line in text_of(path):
        for target in link.findall(code.sub("", line)):
            if re.match(r"[a-z]+:", target):
                continue
            links += 1
            file, _, anchor = target.partition("#")
            there = (path.parent / file).resolve() if file else path
            place = f"{path.relative_to(root)}:{number}: {target}"
            if not there.exists():
                wrong.append(f"{place}: there is no such file")
            elif anchor and (there.suffix != ".md" or anchor not in anchors(there)):
                wrong.append(f"{place}: there is no such heading")

if len(files) < 5 or links < 20:
    wrong.append(f"only {links} links found in {len(files)} files: this test is broken")
print("\n".join(wrong) or f"{links} links in {len(files)} files lead somewhere")
sys.exit(1 if wrong else 0)
