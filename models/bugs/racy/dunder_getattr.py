"""__getattr__ makes what is missing, for both threads that miss it."""
import threading

made = []


class Plugins:
    def __getattr__(self, name):
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
