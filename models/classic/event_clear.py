"""A worker clears the event after it has taken what is there: what was announced in between stays for ever.

Correct: it clears the event first.
"""
import sys
import threading

correct = "correct" in sys.argv
JOBS = 2
announced = threading.Event()
lock = threading.Lock()
jobs = []


def take_all():
    with lock:
        taken = len(jobs)
        jobs.clear()
    return taken


def work():
    done = 0
    while done < JOBS:
        announced.wait()
        if correct:
            announced.clear()
            done += take_all()
        else:
            done += take_all()
            announced.clear()


worker = threading.Thread(target=work)
worker.start()
for job in range(JOBS):
    with lock:
        jobs.append(job)
    announced.set()
worker.join()
print("done")
