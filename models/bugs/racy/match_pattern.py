"""match finds the key, and it is gone when the item is read."""
import threading

message = {"kind": "text", "body": "hello"}


def show():
    match message:
        case {"body": _}:
            return message["body"]


def strip():
    del message["body"]


threads = [threading.Thread(target=f) for f in (show, strip)]
for t in threads:
    t.start()
for t in threads:
    t.join()
