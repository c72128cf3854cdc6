"""sorted() of a copy with a key function in Python."""
import threading

words = ["bb", "a"]


def length(word):
    return len(word)


def sort():
    sorted(words.copy(), key=length)


def add():
    words.append("ccc")


threads = [threading.Thread(target=f) for f in (sort, add)]
for t in threads:
    t.start()
for t in threads:
    t.join()
