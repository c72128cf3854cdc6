"""Shows what calls return or raise, without anything that differs from run to run."""
import re


def plain(value):
    """repr(value) without addresses and numbers of threads."""
    text = re.sub(r"0x[0-9a-f]+", "0x.", repr(value))
    return re.sub(r"(Thread\(.*, (?:started|stopped)(?: daemon)?) \d+\)", r"\1 N)", re.sub(r"owner=[1-9]\d*", "owner=N", text))


def show(label, function, *arguments, **keywords):
    try:
        result = plain(function(*arguments, **keywords))
    except BaseException as error:
        print(f"{label}: {type(error).__module__}.{type(error).__qualname__}: {error}")
    else:
        print(f"{label}: {result}")
