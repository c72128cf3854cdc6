"""The pieces go into a list: append is one step."""
import threading

pieces = []


def write(word):
    pieces.append(word)


threads = [threading.Thread(target=write, args=(w,)) for w in ("one", "two")]
for t in threads:
    t.start()
for t in threads:
    t.join()
text = "".join(pieces)
assert len(text) == 6
