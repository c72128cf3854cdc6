"""An attribute of a module is increased by two threads."""
import sys
import threading
import types

settings = sys.modules["settings"] = types.ModuleType("settings")
settings.users = 0


def log_in():
    import settings

    settings.users += 1


threads = [threading.Thread(target=log_in) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert settings.users == 2
