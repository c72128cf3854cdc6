"""Who finds an expired entry in a cache deletes it, and somebody else has deleted it already.

Correct: dict.pop with a default, in one step.
"""
import sys
import threading

correct = "correct" in sys.argv
cache = {"key": "expired"}


def clean_up():
    if correct:
        cache.pop("key", None)
    elif cache.get("key") == "expired":
        del cache["key"]


threads = [threading.Thread(target=clean_up) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("done")
