"""match binds the value that it finds."""
import threading

message = {"kind": "text", "body": "hello"}


def show():
    match message:
        case {"body": text}:
            return text


def strip():
    del message["body"]


threads = [threading.Thread(target=f) for f in (show, strip)]
for t in threads:
    t.start()
for t in threads:
    t.join()
