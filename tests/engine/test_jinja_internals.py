"""What papergen relies on of Jinja without Jinja promising it: a new Jinja fails here first."""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import CodeType

import pytest
from jinja2 import compiler, nodes, pass_context, pass_environment, pass_eval_context, runtime
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Environment as JinjaEnvironment
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.parser import Parser
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace, missing
from jinja2.visitor import NodeTransformer
from narrative_reader import RUN_WORDS

from papergen.engine import allowed_filters, jinja_internals
from papergen.engine.jinja_internals import CheckingGenerator, Generator, PassArg, RunContext
from papergen.engine.sandbox import Environment
from papergen.engine.state import RenderState

ENVIRONMENT = Environment()


def code_of(source: str, generator: type[Generator] = Generator) -> str:
    return generator(ENVIRONMENT, "<code>").code(ENVIRONMENT.parse(source))


ROOT = Path(__file__).parents[2]


def test_jinja_is_the_version_whose_internals_are_known() -> None:
    assert version("jinja2").startswith("3.1.")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "jinja2>=3.1.5,<3.2" in project["dependencies"]


DOCUMENTED = {"jinja2", "jinja2.environment", "jinja2.exceptions", "jinja2.sandbox"}


def test_no_other_module_imports_what_jinja_does_not_document() -> None:
    for path in (ROOT / "papergen").rglob("*.py"):
        if path.name == "jinja_internals.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jinja2"):
                imported = {name.name for name in node.names}
                documented = node.module in DOCUMENTED or imported == {"Context"}
                assert documented, f"{path} imports {imported} from {node.module}"


# -- the code generator


def test_only_the_module_of_internals_subclasses_the_code_generator() -> None:
    assert CodeGenerator.__subclasses__().count(Generator) == 1
    assert Generator.__module__ == CheckingGenerator.__module__ == jinja_internals.__name__


OVERRIDDEN = [
    *[
        "visit_Template",
        "visit_Output",
        "visit_Assign",
        "visit_If",
        "visit_For",
        "visit_Name",
        "visit_Getattr",
        "visit_Getitem",
        "visit_Filter",
        "visit_Test",
        "visit_Concat",
        "visit_Compare",
        "write_commons",
        "pull_dependencies",
        "enter_frame",
        "signature",
    ]
]
USED = ["visit", "newline", "writeline", "write", "indent", "outdent", "blockvisit", "leave_frame"]


@pytest.mark.parametrize("name", [*OVERRIDDEN, *USED])
def test_the_code_generator_has_the_methods_that_are_overridden_or_called(name: str) -> None:
    assert callable(getattr(CodeGenerator, name))
    own = vars(Generator).get(name) or vars(CheckingGenerator).get(name)
    assert (own is not None) == (name in OVERRIDDEN)
    if own is not None:
        taken = list(inspect.signature(own).parameters)
        given = list(inspect.signature(getattr(CodeGenerator, name)).parameters)
        assert taken == given


def test_every_method_that_is_overridden_is_known_here() -> None:
    inherited = {*dir(CodeGenerator)} - {*dir(object)}
    own = {*vars(Generator), *vars(CheckingGenerator)}
    assert own & inherited - {"__module__", "__doc__", "__annotations__"} == {*OVERRIDDEN}


def test_the_code_is_collected_in_a_stream_with_the_lines_of_its_nodes() -> None:
    generator = Generator(ENVIRONMENT, "<code>")
    code = generator.code(ENVIRONMENT.parse("a\n{{ x.y|upper }}"))
    assert code == generator.stream.getvalue()
    assert generator.debug_info
    ((tree_line, line),) = generator.debug_info[-1:]
    assert tree_line == 2
    assert "filter_upper(context, field(l_0_x, 'y'))" in code.splitlines()[line - 1]
    assert code.splitlines()[-1].startswith("debug_info = ")


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ x }}", "l_0_x = resolve('x')"),
        ("{{ x }}", "yield l_0_x"),
        ("{{ x ~ 'a' }}", "environment.join_texts(context, ("),
        ("{{ x + 1 }}", "environment.call_binop(context, '+', "),
        ("{{ x(1) }}", "environment.call(context, "),
        ("{% for a in b %}{{ x(1) }}{% endfor %}", ", _loop_vars=_loop_vars)"),
        ("{{ x[0] }}", "environment.getitem("),
        ("{{ x[1:] }}", "weigh(context, "),
        ("{{ x == y }}", "(weigh(context, "),
        ("{{ x is eq(y) }}", "test_eq(context, "),
        ("{{ x(*y) }}", "*filter__weigh(context, "),
        ("{% set n = x %}{{ n }}", "l_0_n = "),
        ("{% set a %}b{% endset %}", "concat(t_1)"),
    ],
)
def test_the_code_has_the_form_that_is_relied_on(source: str, written: str) -> None:
    assert written in code_of(source)


def test_what_a_tag_spells_out_is_not_weighed() -> None:
    assert "weigh" not in code_of("{% if x == 'complete' or x in ('red', 'amber') %}{% endif %}")
    assert "weigh" in code_of("{% if 'red' in x %}{% endif %}")


def test_checking_code_guards_each_tag() -> None:
    code = code_of("{{ x }}{% set y = x %}", CheckingGenerator)
    assert code.count("context.parent['_failed'](fault)") == 2
    assert "l_0_y = context.parent['_silent']" in code


def test_a_frame_knows_the_variables_of_a_scope() -> None:
    frame = Frame(jinja_internals.EvalContext(ENVIRONMENT))
    frame.symbols.analyze_node(ENVIRONMENT.parse("{{ x }}{% set y = 1 %}"))
    name = frame.symbols.ref("x")
    assert frame.symbols.find_load(name) == (VAR_LOAD_RESOLVE, "x")
    assert (VAR_LOAD_RESOLVE, "x") in frame.symbols.loads.values()
    assert frame.symbols.find_ref("y")
    assert frame.symbols.find_ref("z") is None
    assert frame.buffer is None
    assert frame.toplevel is frame.rootlevel is False


def test_operators_have_their_signs() -> None:
    assert {name: compiler.operators[name] for name in ("eq", "lteq", "in", "notin")} == {
        "eq": "==",
        "lteq": "<=",
        "in": "in",
        "notin": "not in",
    }


def test_compiled_code_finds_all_its_names() -> None:
    names = jinja_internals.runtime_names()
    assert {"LoopContext", "TemplateRuntimeError", "Namespace", "missing", "identity"} <= {*names}
    assert {"Markup", "escape", "str_join"} <= {*runtime.exported}
    source = (
        "{% for a in x if a %}{{ loop.index }}{{ a if b }}{% else %}{% set n.x = 1 %}{% endfor %}"
    )
    code = compile(code_of(source), "<code>", "exec")
    module = dict(ENVIRONMENT.module_names)
    exec(code, module)
    assert {*globals_of(code)} <= {*module, *dir(builtins)}


def globals_of(code: CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield instruction.argval
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from globals_of(constant)


# -- contexts and calls


def test_a_context_sets_no_more_than_papergens_own_does() -> None:
    run = RenderState(words=RUN_WORDS)
    run.start(ENVIRONMENT, {"x": 1})
    own = RunContext(run)
    jinjas = Context(ENVIRONMENT, {"x": 1}, None, {})
    assert {*vars(own)} - {*vars(jinjas)} == {"run"}
    assert {*vars(jinjas)} - {*vars(own)} == set()
    assert own.resolve("x") == jinjas.resolve("x") == 1
    assert own.get_all() == {"x": 1}


def test_functions_are_marked_with_what_they_are_passed() -> None:
    marks = {
        pass_context: PassArg.context,
        pass_eval_context: PassArg.eval_context,
        pass_environment: PassArg.environment,
    }
    for mark, argument in marks.items():
        assert PassArg.from_obj(mark(lambda *_: None)) is argument
        assert mark(lambda *_: None).jinja_pass_arg is argument
    assert PassArg.from_obj(len) is None


def test_filters_that_call_filters_pass_the_context_on() -> None:
    run = RenderState(words=RUN_WORDS)
    seen: list[RunContext] = []
    environment = Environment()
    environment.filters["noted"] = pass_context(lambda context, value: seen.append(context))
    environment.tests["noted"] = pass_context(lambda context, value: seen.append(context))
    run.start(environment, {})
    context = RunContext(run)
    list(environment.filters["map"](context, [1], "noted"))
    list(environment.filters["select"](context, [1], "noted"))
    assert seen == [context, context]


def test_the_sandbox_calls_functions_and_operators_with_the_context() -> None:
    assert list(inspect.signature(SandboxedEnvironment.call_binop).parameters)[1] == "context"
    assert SandboxedEnvironment.sandboxed
    assert {*SandboxedEnvironment.default_binop_table} >= Environment.intercepted_binops
    assert jinja_internals.LOCAL_VARIABLES == ("_loop_vars", "_block_vars")


# -- tables, types and the parser


def test_the_filters_and_tests_that_are_allowed_are_those_of_jinja_or_our_own() -> None:
    own = {name for name, bounds in allowed_filters.FILTERS.items() if bounds.own is not None}
    unbounded = {*allowed_filters.UNBOUNDED_FILTERS}
    allowed = {*allowed_filters.FILTERS} | unbounded
    assert allowed - own - unbounded <= {*jinja_internals.FILTERS}
    assert allowed - {*jinja_internals.FILTERS} == {"cap"}
    assert {*jinja_internals.FILTERS} - allowed == {*allowed_filters.REFUSED_FILTERS}
    assert {*jinja_internals.TESTS} == allowed_filters.TESTS


def test_the_makers_of_values_are_there() -> None:
    made = {"dict", "namespace", "joiner", "cycler"}
    assert made <= {*jinja_internals.DEFAULT_NAMESPACE}
    assert Namespace(x=1).x == 1
    assert {"first", "index", "index0", "last", "length", "revindex", "revindex0"} <= {
        *dir(LoopContext)
    }


def test_an_undefined_name_belongs_to_nothing() -> None:
    assert JinjaEnvironment().undefined(name="x")._undefined_obj is missing


def test_fields_of_items_are_found_through_the_environment() -> None:
    get = jinja_internals.make_attrgetter(ENVIRONMENT, "a.b")
    assert get({"a": {"b": 3}}) == 3


def test_the_parser_parses_the_inside_of_a_tag() -> None:
    parser = Parser(ENVIRONMENT, "x, y if z else 1", state="variable")
    assert isinstance(parser.parse_tuple(with_condexpr=True), nodes.Tuple)
    assert parser.stream.eos


def test_a_transformer_replaces_nodes() -> None:
    class Renaming(NodeTransformer):
        def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 (Jinja's name)
            return nodes.Const(node.name)

    tree = Renaming().visit(ENVIRONMENT.parse("{{ x }}"))
    assert [const.value for const in tree.find_all(nodes.Const)] == ["x"]
