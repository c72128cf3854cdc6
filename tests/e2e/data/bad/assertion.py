"""An assertion fails only if the reader comes between the writer's two writes."""
import threading

ready = False
answer = None


def write():
    global ready, answer
    ready = True  # too early
    answer = 42


def read():
    if ready:
        seen = answer
        assert seen == 42, f"ready, but the answer is {seen}"


threads = [threading.Thread(target=write), threading.Thread(target=read)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
