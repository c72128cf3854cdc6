"""Prepares the standard library, once per process."""
import sys

sys.modules["_queue"] = None  # queue.py then uses its own implementation of SimpleQueue, in Python
import concurrent.futures.thread
import logging
import queue
import random
import threading
import traceback
import weakref
