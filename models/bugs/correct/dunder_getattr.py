"""__getattr__ makes what is missing under a lock, and looks again before it does."""
import threading

made = []
lock = threading.Lock()


class Plugins:
    def __getattr__(self, name):
        with lock:
            if name not in self.__dict__:
                made.append(name)
                self.__dict__[name] = object()
        return self.__dict__[name]


plugins = Plugins()


def use():
    plugins.editor


threads = [threading.Thread(target=use) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert made == ["editor"]
