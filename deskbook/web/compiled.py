"""How our templates become code: once for each language they are shown in, what they say being
constant there. A page of our console says a hundred things and shows a thousand values.
"""

import operator
from functools import partial
from typing import Any, cast

import markupsafe
from django.template.backends.jinja2 import Jinja2
from django.utils import translation
from django.utils.safestring import SafeString
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.runtime import Macro
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


class _Macro(Macro):
    """A macro that is given its arguments in their order, as most are, is called at once."""

    def __init__(self, *of: Any) -> None:
        super().__init__(*of)
        self._is_plain = not (self.catch_kwargs or self.catch_varargs or self.caller)
        self._defaults = (missing,) * self._argument_count

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        if kwargs or not self._is_plain or len(args) > self._argument_count:
            return super().__call__(*args, **kwargs)
        said = self._func(*args, *self._defaults[len(args) :])
        return OneLanguage.markup(said) if self._default_autoescape else said


class _Code(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _is_plain(frame, finalize):
            self.write("(e if type(e := ")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _is_plain(frame, finalize):
            self.write(
                ") in environment.safe else environment.escaped_text(e) if type(e) is str"
                " else escape(e))"
            )
        else:
            super()._output_child_post(node, frame, finalize)

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        # What has it says so by one call in place of two, and a dict without raising that it has
        # no such attribute.
        self.write("(g if (g := getattr((o := ")
        self.visit(node.node, frame)
        self.write(
            f"), {node.attr!r}, missing)) is not missing else environment.item(o, {node.attr!r}))"
        )

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        # Jinja asks each that is called, by seven calls, whether it wants to know where: of ours
        # those do that say so among the globals.
        if _wants_context(node.node, self.environment):
            super().visit_Call(node, frame, forward_caller=forward_caller)
        else:
            self.write("environment.called(")
            self.visit(node.node, frame)
            self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
            self.write(")")

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        # A page is sent whole: what a block says is joined there, not handed up piece by piece
        # through every template that extends another.
        if x.startswith("yield from "):
            x = f"yield environment.concat({x.removeprefix('yield from ')})"
        elif x == "for event in gen:":  # of a template that is included
            x = "for event in (environment.concat(gen),):"
        super().writeline(x, node, extra)
        if x.startswith("from jinja2.runtime import "):
            super().writeline("Macro, Markup = environment.macro, environment.markup")


def _is_plain(frame: Frame, finalize: Any) -> bool:
    return frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None


def _wants_context(called: nodes.Node, environment: Environment) -> bool:
    return isinstance(called, nodes.Name) and hasattr(
        environment.globals.get(called.name), "jinja_pass_arg"
    )


class OneLanguage(Environment):
    """An environment whose templates are compiled for `language`; "" leaves what they say to when
    they are shown.
    """

    code_generator_class = _Code
    called = operator.call
    # By one call in place of five.
    escaped_text = staticmethod(markupsafe._escape_inner)  # type: ignore[attr-defined]
    macro = _Macro
    markup = partial(str.__new__, Markup)  # of text alone, which is all that ours makes safe
    safe = frozenset({Markup, SafeString})
    language = ""

    def item(self, of: Any, name: str) -> Any:
        """Returns what `getattr` of an environment does of what has no such attribute."""
        try:
            return of[name]
        except (TypeError, LookupError, AttributeError):
            return self.undefined(obj=of, name=name)

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        if self.language:
            _Said(self.language).visit(source)
        return super()._generate(source, name, filename, defer_init)


class _Said(NodeTransformer):
    """Puts the translation in the place of `_("…")` and `{% trans %}`, as `gettext` of Jinja's
    extension says it: safe HTML, with values escaped into it.
    """

    def __init__(self, language: str) -> None:
        self.language = language

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        message = _message_of(call)
        if message is None:
            return call
        with translation.override(self.language):
            said = translation.gettext(message)
        place = {"lineno": call.lineno, "environment": call.environment}
        if not call.kwargs:
            return nodes.TemplateData(said % {}, **place)
        values = [nodes.Pair(nodes.Const(v.key, **place), v.value, **place) for v in call.kwargs]
        return nodes.Mod(nodes.TemplateData(said, **place), nodes.Dict(values, **place), **place)


def _message_of(call: nodes.Call) -> str | None:
    """Returns the message that is known before anything is shown, if it is a call for one."""
    if not isinstance(call.node, nodes.Name) or call.node.name not in ("_", "gettext"):
        return None
    if len(call.args) != 1 or call.dyn_args is not None or call.dyn_kwargs is not None:
        return None
    message = call.args[0]
    if isinstance(message, nodes.Const) and isinstance(message.value, str):
        return message.value
    return None


class Templates(Jinja2):
    """Django's engine of Jinja2, with an environment for each language: `env` is the present
    one's.
    """

    @property
    def env(self) -> Environment:
        language = translation.get_language() or ""
        spoken = self._spoken.get(language)
        if spoken is None:
            spoken = cast(OneLanguage, self._silent.overlay())
            spoken.language = language
            self._spoken[language] = spoken
        return spoken

    @env.setter
    def env(self, made: Environment) -> None:
        self._silent = made
        self._spoken: dict[str, OneLanguage] = {}
