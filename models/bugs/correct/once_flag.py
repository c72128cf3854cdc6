"""list.pop in one step decides who does it."""
import threading

tickets = ["start"]
runs = []


def start():
    try:
        runs.append(tickets.pop())
    except IndexError:
        pass


threads = [threading.Thread(target=start) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(runs) == 1
