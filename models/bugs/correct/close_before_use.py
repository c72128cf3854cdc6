"""The file is closed when everybody has written."""
import io
import threading

log = io.StringIO()


def write():
    log.write("line")


threads = [threading.Thread(target=write) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
log.close()
