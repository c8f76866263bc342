"""Every sentence with which the server says what went wrong, read out of its source; holes are written {}."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "prilavok"
RAISED = {
    "TryLater",
    "Undeliverable",
    "NeedsOwner",
    "BadInput",
    "Conflict",
    "Refusal",
    "Unread",
    "Bad",
    "Lost",
    "Ended",
    "TokenRefused",
    "LoginRefused",
    "_refuse",
}
SECOND = {"Refusal", "Bad"}  # the sentence comes after a status or a line
NAMED = {"reason", "note"}  # of a receipt, of an address, of an account
HINTS = {"HINT", "PLUS"}  # said by one module and put behind a sentence by another
TELLERS = {
    "refusal",
    "sentence",
    "tls_trouble",
    "why_no_token",
    "complaint",
    "because",
    "too_large",
    "_lines",
    "missing",
}
TELLERS |= {"of_template", "of_category", "of_quality", "of_account", "told_of"}  # lines beside an inbox
PASSED_ON = {"join", "strip", "get"}
# What is typed and answered in a terminal, and the demo's own telephone, speak English only.
# Pages for customers have words of their own in their language.
ELSEWHERE = ("simulator/", "backup.py", "desk.py", "trial.py", "supply.py", "__main__.py", "store/", "web/public/")
LETTERS = 4  # fewer are a code and no words


class Module:
    """What the names of one file may hold: enough to follow a sentence from where it is raised to where it stands."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.values: dict[str, list[ast.expr]] = defaultdict(list)
        self.functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._holds(target, node.value)
            elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
                self._holds(node.target, node.value)

    def _holds(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values[target.id].append(value)
        elif isinstance(target, ast.Attribute):
            self.values[f".{target.attr}"].append(value)

    def told(self) -> Iterator[ast.expr]:
        """Where sentences leave the module."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in RAISED and node.args:
                    yield node.args[1] if name in SECOND and len(node.args) > 1 else node.args[0]
                yield from (one.value for one in node.keywords if one.arg in NAMED)
                if name == "do":  # a flow is told why
                    yield from (one for one in node.args if isinstance(one, ast.Constant))
            elif isinstance(node, ast.FunctionDef) and node.name in TELLERS:
                yield from returned(node)
        for name in HINTS:
            yield from self.values[name]

    def words(self, said: ast.expr, seen: frozenset[str] = frozenset()) -> set[str]:
        match said:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.JoinedStr(values=parts):
                whole = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in parts)
                holes = [one.value for one in parts if isinstance(one, ast.FormattedValue)]
                return {whole}.union(*(filter_words(self.words(one, seen)) for one in holes))
            case ast.Name(id=name) if name not in seen:
                return self._any(self.values[name], seen | {name})
            case ast.Attribute(attr="gone" | "reason" as name) if f".{name}" not in seen:
                return self._any(self.values[f".{name}"], seen | {f".{name}"})
            case ast.Call(func=ast.Name(id=name)) if name in self.functions and name not in seen:
                return self._any(returned(self.functions[name]), seen | {name})
            case ast.Call(func=ast.Name(id="filter"), args=given):
                return self._any(given, seen)
            case ast.Call(func=ast.Attribute(attr=name, value=of), args=given) if name in PASSED_ON:
                return self._any([of, *given], seen)
            case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
                return self._any([one, other], seen)
            case ast.BoolOp(values=many) | ast.Dict(values=many) | ast.Tuple(elts=many) | ast.List(elts=many):
                return self._any(many, seen)
            case ast.Subscript(value=of):
                return self.words(of, seen)
        return set()

    def _any(self, many: Iterator[ast.expr] | list[ast.expr], seen: frozenset[str]) -> set[str]:
        return set[str]().union(*(self.words(one, seen) for one in many))


def returned(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
            yield node.value


def filter_words(words: set[str]) -> set[str]:
    """A value in a sentence is a part of speech only when it is more than one word."""
    return {one for one in words if " " in one.strip()}


def reasons() -> dict[str, str]:
    """Sentence or part of one → the file that says it."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith(ELSEWHERE):
            continue
        module = Module(ast.parse(path.read_text(encoding="utf-8")))
        for said in module.told():
            for words in module.words(said):
                if sum(map(str.isalpha, words.replace("{}", ""))) >= LETTERS:
                    found.setdefault(words, name)
    return found
