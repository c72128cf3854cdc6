"""Mistakes of synchronisation that can be made in a program's text, one at a time, to see whether checks notice them.

Everything is found in the syntax tree, and each change is made in a fresh copy of it: what stays keeps its lines.
"""
import ast
import copy
import os

LOCKS = {"Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore"}
DROPPED = {  # method -> what a call of it is called that has been left out
    "notify": "drop-notify", "notify_all": "drop-notify", "notifyAll": "drop-notify", "set": "drop-set", "task_done": "drop-task-done",
    "join": "drop-join"}
LOCK_WORDS = ("lock", "mutex", "cond", "sem", "monitor", "guard")
SENTINEL_WORDS = ("sentinel", "stop", "done", "end", "poison", "quit", "finish", "exit")
STALE = "_raddle_stale"


def last_name(node):
    """`lock` of lock, self.lock, locks[i] and self.locks[i]; "" for anything else."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def is_call_of(node, names):
    return isinstance(node, ast.Call) and last_name(node.func) in names


def names_of_locks(tree):
    """Names that something is assigned to in which a lock is made."""
    names = set()
    for node in ast.walk(tree):
        targets, value = [], None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            targets, value = [node.target], node.value
        if value is None or not any(is_call_of(part, LOCKS) for part in ast.walk(value)):
            continue
        for target in targets:
            names.update(last_name(part) for part in (target.elts if isinstance(target, ast.Tuple) else [target]))
    return names - {""}


class Finder(ast.NodeVisitor):
    """Lists the changes: (kind, line, function, what is done in words, path to the statement list and place in it, how)."""

    def __init__(self, tree):
        self.locks = names_of_locks(tree)
        self.found = []
        self.functions = []
        self.globals = [set()]
        self.block(tree, "body")

    def is_lock(self, node):
        name = last_name(node)
        return not isinstance(node, ast.Call) and bool(name) and (name in self.locks or any(w in name.lower() for w in LOCK_WORDS))

    def add(self, kind, node, words, change):
        self.found.append((kind, node.lineno, self.functions[-1] if self.functions else "", words, change))

    def block(self, parent, field):
        """All statements of a block. A change gets the block's copy, and where the statement is in it."""
        statements = getattr(parent, field)
        for index, statement in enumerate(statements):
            self.statement(parent, field, index, statement)
        self.pairs(parent, field, statements)

    def statement(self, parent, field, index, node):
        here = (parent, field, index)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            self.region(here, node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self.call(here, node)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for part in expressions(node):
                if is_call_of(part, {"RLock"}):
                    self.add("rlock-to-lock", part, f"{ast.unparse(part)} is a Lock", ("lock", part))
        named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        if named:
            self.functions.append(node.name)
            self.globals.append({n for s in ast.walk(node) if isinstance(s, (ast.Global, ast.Nonlocal)) for n in s.names})
        for inner in ("body", "orelse", "finalbody"):
            if isinstance(getattr(node, inner, None), list):
                self.block(node, inner)
        for inner in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            self.block(inner, "body")
        if named:
            self.functions.pop()
            self.globals.pop()

    # --- with lock:

    def region(self, here, node):
        locks = [item for item in node.items if self.is_lock(item.context_expr)]
        for item in locks:
            text = ast.unparse(item.context_expr)
            self.add("drop-lock", node, f"without `with {text}`", ("unlock", here, node.items.index(item)))
        inner = node.body[0]
        if len(locks) > 1:
            self.add("swap-locks", node, f"`{ast.unparse(locks[1].context_expr)}` before `{ast.unparse(locks[0].context_expr)}`",
                     ("swap-items", here, node.items.index(locks[0]), node.items.index(locks[1])))
        elif locks and isinstance(inner, ast.With) and len(node.items) == 1 and self.is_lock(inner.items[0].context_expr):
            self.add("swap-locks", node, f"`{ast.unparse(inner.items[0].context_expr)}` before `{ast.unparse(locks[0].context_expr)}`",
                     ("swap-nested", here))
        if locks:
            self.split(here, node, ast.unparse(locks[0].context_expr))

    def split(self, here, node, lock):
        """The lock is given back and taken again between reading and writing."""
        for index, statement in enumerate(node.body):
            target = self.shared_target(statement)
            if target is None:
                continue
            text = ast.unparse(target)
            if isinstance(statement, ast.AugAssign) or reads(statement.value, target):
                self.add("split-region", statement, f"`{lock}` is given back between reading and writing `{text}`",
                         ("stale", here, index))
            elif index > 0:
                self.add("split-region", statement, f"`{lock}` is given back before `{text}` is written", ("split", here, index))

    def shared_target(self, statement):
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        elif isinstance(statement, ast.AugAssign):
            target = statement.target
        else:
            return None
        if isinstance(target, ast.Name):
            return target if target.id in self.globals[-1] or not self.functions else None
        if isinstance(target, (ast.Attribute, ast.Subscript)) and not any(isinstance(n, ast.Call) for n in ast.walk(target)):
            return target
        return None

    # --- calls

    def call(self, here, node):
        call = node.value
        if not isinstance(call.func, ast.Attribute) or isinstance(call.func.value, ast.Constant):
            return
        method, text = call.func.attr, ast.unparse(node)
        no_text = not any(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in call.args)
        if method in DROPPED and no_text and len(call.args) <= 1 and (method != "set" or not call.args):
            self.add(DROPPED[method], node, f"without `{text}`", ("drop", here))
        if method in ("put", "put_nowait") and call.args and is_sentinel(call.args[0]):
            self.add("drop-sentinel", node, f"without `{text}`", ("drop", here))

    # --- lock.acquire() ... lock.release()

    def pairs(self, parent, field, statements):
        def receiver(statement, method):
            call = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == method:
                return ast.unparse(call.func.value)
            return None

        for index, statement in enumerate(statements):
            lock = receiver(statement, "acquire")
            if lock is None:
                continue
            released = [s for other in statements[index + 1:] for s in ast.walk(other) if receiver(s, "release") == lock]
            if released:
                self.add("drop-lock", statement, f"without `{lock}.acquire()` and `{lock}.release()`", ("drop-all", [statement, *released]))
            other = receiver(statements[index + 1], "acquire") if index + 1 < len(statements) else None
            if other is not None and other != lock:
                self.add("swap-locks", statement, f"`{other}` before `{lock}`", ("swap-statements", (parent, field, index)))


def expressions(node):
    """The expressions of a statement, not those of statements in it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.ExceptHandler)) or type(child).__name__ == "match_case":
            continue
        yield from ast.walk(child)


def reads(value, target):
    """Does the expression read what is assigned to?"""
    wanted = ast.dump(as_load(target))
    return any(ast.dump(node) == wanted for node in ast.walk(value) if isinstance(node, ast.expr))


def is_sentinel(node):
    if isinstance(node, ast.Constant):
        return node.value is None
    words = set(last_name(node).lower().split("_"))
    return bool(words.intersection(SENTINEL_WORDS))


def as_load(node):
    node = copy.deepcopy(node)
    node.ctx = ast.Load()
    return node


# --- making a change


class Replace(ast.NodeTransformer):
    """Each node that is equal to `target` in what is read becomes another."""

    def __init__(self, target, name):
        self.wanted, self.name = ast.dump(as_load(target)), name

    def visit(self, node):
        if isinstance(node, ast.expr) and ast.dump(node) == self.wanted:
            return ast.copy_location(ast.Name(self.name, ast.Load()), node)
        return self.generic_visit(node)


def pass_for(statement):
    return ast.copy_location(ast.Pass(), statement)


def apply(change):
    """Makes the change in the tree that it was found in."""
    how, *rest = change
    if how == "lock":
        call, = rest
        if isinstance(call.func, ast.Attribute):
            call.func.attr = "Lock"
        else:
            call.func = ast.parse("__import__('threading').Lock", mode="eval").body
        return
    if how == "drop-all":
        for statement in rest[0]:
            statement.value = ast.Constant(None)
        return
    (parent, field, index), *rest = rest
    block = getattr(parent, field)
    node = block[index]
    if how == "drop":
        block[index] = pass_for(node)
    elif how == "unlock":
        del node.items[rest[0]]
        if not node.items:
            block[index:index + 1] = node.body
    elif how == "swap-items":
        first, second = rest
        node.items[first], node.items[second] = node.items[second], node.items[first]
    elif how == "swap-nested":
        inner = node.body[0]
        node.items, inner.items = inner.items, node.items
    elif how == "swap-statements":
        block[index], block[index + 1] = block[index + 1], block[index]
    elif how == "split":
        block[index:index + 1] = halves(node, node.body[:rest[0]], node.body[rest[0]:])
    elif how == "stale":
        statement = node.body[rest[0]]
        target = statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0]
        read = ast.Assign([ast.Name(STALE, ast.Store())], as_load(target))
        if isinstance(statement, ast.AugAssign):
            value = ast.BinOp(ast.Name(STALE, ast.Load()), statement.op, statement.value)
        else:
            value = Replace(target, STALE).visit(statement.value)
        write = ast.Assign([target], value)
        for made in (read, write):
            ast.copy_location(made, statement)
        block[index:index + 1] = halves(node, [*node.body[:rest[0]], read], [write, *node.body[rest[0] + 1:]])


def halves(node, first, second):
    """Two with statements instead of one."""
    again = copy.copy(node)
    again.items = copy.deepcopy(node.items)
    node.body, again.body = first, second
    return [node, again]


def changes_in(tree):
    """In an order in which the first few are of different kinds and from all over the text."""
    found = Finder(tree).found
    by_kind = {}
    for one in found:
        by_kind.setdefault(one[0], []).append(one)
    ordered = []
    while any(by_kind.values()):
        ordered += [ones.pop(0) for ones in by_kind.values() if ones]
    return ordered


def mutations(path):
    """What can be changed in the file: (kind, line, function, words). The place in the list is its number."""
    with open(path, "rb") as file:
        return [one[:4] for one in changes_in(ast.parse(file.read(), path))]


def mutated(source, path, number):
    """The syntax tree of the text with this change in it."""
    tree = ast.parse(source, path)
    apply(changes_in(tree)[number][4])
    return ast.fix_missing_locations(tree)


# --- for the importer

wanted = None  # (path, number)


def code_of(source, path):
    """The code of a file, changed if that is wanted."""
    if wanted is not None and os.path.realpath(path) == wanted[0]:
        return compile(mutated(source, path, wanted[1]), path, "exec", dont_inherit=True)
    return compile(source, path, "exec", dont_inherit=True)


def want(path, number):
    global wanted
    wanted = (os.path.realpath(path), number) if path else None
