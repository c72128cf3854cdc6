"""Imports a module that does not exist."""
import threading

import raddle_test_no_such_module

threading.Thread(target=raddle_test_no_such_module.work).start()
