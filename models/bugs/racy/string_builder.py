"""text += ... makes a new string from an old one."""
import threading

text = ""


def write(word):
    global text
    text += word


threads = [threading.Thread(target=write, args=(w,)) for w in ("one", "two")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(text) == 6
