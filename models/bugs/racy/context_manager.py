"""__enter__ and __exit__ of a shared object count without a lock."""
import threading



class Room:
    users = 0

    def __enter__(self):
        self.users += 1

    def __exit__(self, *error):
        self.users -= 1


room = Room()


def work():
    with room:
        pass


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert room.users == 0
