"""The loop's variable is a default value of the lambda."""
import threading

seen = []
threads = []
for i in range(2):
    threads.append(threading.Thread(target=lambda i=i: seen.append(i)))
    threads[-1].start()
for t in threads:
    t.join()
assert sorted(seen) == [0, 1]
