"""Every include points down: a room uses itself and the floors below it, never a neighbour or a floor above."""

import pathlib
import re
import sys

FLOORS = [["engine"], ["detect"], ["explore", "reports"], ["api", "python", "native"], ["cli"]]
ALSO = {("reports", "explore")}  # a report describes the search's result

floor = {room: i for i, rooms in enumerate(FLOORS) for room in rooms}
root = pathlib.Path(__file__).resolve().parent.parent
include = re.compile(r'\s*#\s*include\s*(?:"(?:checker/(\w+)|(reports))/|[<"](raddle)/)')

wrong = []
for room in floor:
    folder = root / room if room == "reports" else root / "checker" / room
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".h", ".cpp", ".c")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = include.match(line)
            if not match:
                continue
            used = "api" if match[3] else match[1] or match[2]
            place = f"{path.relative_to(root)}:{number}"
            if used not in floor:
                wrong.append(f"{place}: there is no room '{used}' (add it to {pathlib.Path(__file__).name})")
            elif used != room and floor[used] >= floor[room] and (room, used) not in ALSO:
                wrong.append(f"{place}: {room} must not use {used}")

print("\n".join(wrong) or "every include points down")
sys.exit(1 if wrong else 0)
