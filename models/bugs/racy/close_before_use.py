"""The file is closed while somebody still writes to it."""
import io
import threading

log = io.StringIO()


def write():
    log.write("line")


threads = [threading.Thread(target=f) for f in (write, log.close)]
for t in threads:
    t.start()
for t in threads:
    t.join()
