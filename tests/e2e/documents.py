"""The code blocks of the documents in Markdown, and what comments above them say about a test.

    <!-- before: COMMANDS -->        run before the block: what it takes for granted
    <!-- file: NAME -->              the block is this file
    <!-- status: 1 0 -->             exit statuses of the block's commands; one holds for all of them (default: 0)
    <!-- output -->                  the block, of language `text`, is what the last command has printed
    <!-- not tested: REASON -->      nothing is done with it

They are all the comments that there are.
"""
import re

import support

MARK = re.compile(r"<!-- (before|file|status|output|not tested)(?:: (.*\S))? -->$")
LANGUAGES = {"sh", "console", "text", "python", "cpp", "cmake", "json", "yaml"}


class Block:
    def __init__(self, place, language, lines, marks):
        self.place, self.language, self.marks = place, language, marks
        self.text = "".join(line + "\n" for line in lines)

    def __str__(self):
        return self.place


def paths():
    """README.md, the documentation, and what stands beside the models."""
    return [support.SOURCE / "README.md", *sorted((support.SOURCE / "docs").glob("*.md")),
            *sorted((support.SOURCE / "models").rglob("README.md"))]


def blocks_of(path):
    """The blocks of a document. ValueError: there is something in it that no test would see."""
    blocks, marks, lines, before = [], {}, None, ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{path.name}:{number}"
        if lines is not None:
            if line == "```":
                blocks.append(Block(start, language, lines, marks))
                lines, marks = None, {}
            else:
                lines.append(line)
        elif line.startswith("```"):
            start, language, lines = place, line[3:], []
            if language not in LANGUAGES:
                raise ValueError(f"{place}: a block needs a language, one of {', '.join(sorted(LANGUAGES))}")
        elif line.startswith("<!--"):
            mark = MARK.match(line)
            if not mark or (mark[2] is None) != (mark[1] == "output"):
                raise ValueError(f"{place}: this comment says nothing that a test knows: {line}")
            marks[mark[1]] = mark[2]
        elif marks:
            raise ValueError(f"{place}: behind a comment for tests comes a block")
        elif not before and re.match(r" {4,}\S|\t", line) or line.startswith("~~~"):
            raise ValueError(f"{place}: code is between lines of ```, so that its language can be said")
        before = line
    if lines is not None or marks:
        raise ValueError(f"{path.name}: the last block does not end")
    return blocks
