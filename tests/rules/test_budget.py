"""The tail is policed: lengths, imports, words (architecture.md §4, §8)."""

import ast
import re

import pytest

from tests.rules.source import dotted, modules, modules_of_tests, under

LINES_PER_FILE = 400
LINES_PER_FUNCTION = 50
BANNED_FILES = {"utils", "util", "helpers", "helper", "misc", "lib", "base"}
BANNED_ENDINGS = ("Manager", "Helper", "Helpers", "Util", "Utils", "Data", "Info", "Handler", "Processor", "Service")
# Names that a library dictates, or that are an ordinary word here, each with its reason.
ALLOWED_NAMES = {
    "HashingUploadHandler": "Django's own word for a class in FILE_UPLOAD_HANDLERS",
}
ALLOWED_FILES = {"config/settings/base.py": "Django's custom for what the other settings modules share"}


def test_files_are_short() -> None:
    lengths = {module.name: len(module.text.splitlines()) for module in (*modules(), *modules_of_tests())}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_PER_FILE} == {}


def test_functions_are_short() -> None:
    long = [
        f"{module.at(one)} {one.name}: {one.end_lineno - one.lineno + 1}"
        for module in (*modules(), *modules_of_tests())
        for one in module.functions()
        if one.end_lineno is not None and one.end_lineno - one.lineno + 1 > LINES_PER_FUNCTION
    ]
    assert long == []


def test_imports_stand_at_the_top() -> None:
    """An import inside a function is the scar of a knot. The layer has to be mended instead."""
    inline = [
        module.at(node)
        for module in modules()
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inline == []


def test_imports_are_absolute() -> None:
    relative = [
        module.at(node)
        for module in (*modules(), *modules_of_tests())
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_every_module_says_what_it_knows() -> None:
    assert [module.name for module in modules() if module.text.strip() and not ast.get_docstring(module.tree)] == []


def test_there_are_no_drawers() -> None:
    drawers = [one.name for one in modules() if {one.path.stem, one.path.parent.name} & BANNED_FILES]
    assert [name for name in drawers if name not in ALLOWED_FILES] == []


def test_classes_are_named_after_things() -> None:
    found = [
        f"{module.at(node)} {node.name}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(BANNED_ENDINGS) and node.name not in ALLOWED_NAMES
    ]
    assert found == []


def test_nothing_is_left_to_be_done_in_a_comment() -> None:
    mark = re.compile(r"#.*\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")) + r")\b")
    found = [
        f"{module.name}:{number}"
        for module in (*modules(), *modules_of_tests())
        for number, line in enumerate(module.text.splitlines(), start=1)
        if mark.search(line)
    ]
    assert found == []


def test_there_are_no_model_signals() -> None:
    """Nobody can say what `save` does where signals listen. `setting_changed` is sent in tests only."""
    found = [
        module.at(node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("django.db.models.signals", "django.dispatch")
    ]
    assert found == []


@pytest.mark.requirement("SEC-82")
def test_nothing_is_unpickled() -> None:
    banned = {"pickle", "cPickle", "shelve", "marshal", "dill"}
    imported = [
        f"{module.at(node)} {name}"
        for module in modules()
        for node in ast.walk(module.tree)
        for name in _imported(node)
        if name.partition(".")[0] in banned
    ]
    loaded = [module.at(call) for module in modules() for call in module.calls() if dotted(call.func) == "yaml.load"]
    assert imported + loaded == []


@pytest.mark.requirement("SEC-79")
def test_there_is_no_shell() -> None:
    """Programs are started with lists of arguments."""
    found = [
        module.at(call)
        for module in modules()
        for call in module.calls()
        if dotted(call.func) in ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput")
        or any(word.arg == "shell" and not _is_false(word.value) for word in call.keywords)
    ]
    assert found == []


@pytest.mark.requirement("SEC-77")
def test_no_request_is_expanded_into_a_query() -> None:
    """`**something` may go into a filter only where the module itself made the keys; none of api and web does."""
    asks = {"filter", "exclude", "get", "annotate", "order_by", "values", "alias", "aggregate"}
    found = [
        module.at(call)
        for module in under("docstore/api", "docstore/web")
        for call in module.calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in asks
        and any(word.arg is None for word in call.keywords)
    ]
    assert found == []


def _is_false(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=str(module)):
            return [module]
        case _:
            return []
