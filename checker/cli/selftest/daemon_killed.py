# daemon-killed --fail-on=daemon-killed
import queue
import sys
import threading

tasks = queue.Queue()


def work():
    tasks.get()
    tasks.task_done()


threading.Thread(target=work, daemon=True).start()
tasks.put(1)
if len(sys.argv) > 1:
    tasks.join()
