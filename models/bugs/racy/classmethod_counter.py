"""A class method counts in the class."""
import threading



class Job:
    count = 0

    @classmethod
    def made(cls):
        cls.count += 1


threads = [threading.Thread(target=Job.made) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert Job.count == 2
