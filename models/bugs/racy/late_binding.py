"""A lambda reads the loop's variable when it runs, not when it is made."""
import threading

seen = []
threads = []
for i in range(2):
    threads.append(threading.Thread(target=lambda: seen.append(i)))
    threads[-1].start()
for t in threads:
    t.join()
assert sorted(seen) == [0, 1]
