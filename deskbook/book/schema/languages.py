"""What people read of a book in another language than it is written in."""

from deskbook.book.schema.section import Section, key
from deskbook.book.words import Words


class Said(Section):
    """One thing of the book in another language. Text alone is its name."""

    short_for = "name"
    name: Words = key("What people see.", "Encerrado", default="")
    means: Words = key("Its meaning.", "O caso terminou.", default="")
    hint: Words = key("Of a question: the line of help under it.", "O que fez?", default="")
    when_closed: Words = key(
        "Of a channel: what people are told out of its hours.",
        "Respondemos a partir das 6h00.",
        default="",
    )


class SaidFacet(Section):
    """A facet in another language. Text alone is its name."""

    short_for = "name"
    name: Words = key("What people see.", "Parte da aplicação", default="")
    values: dict[str, Said] = key("Its values.", {"billing": "Faturação"}, default={})


class InLanguage(Section):
    """The words of the book in one language, each beside the name the book has for it. What is not
    here, people read as the book says it.
    """

    about: Words = key("What the desk is for.", "Ajuda sobre a aplicação.", default="")
    channels: dict[str, Said] = key("Channels.", {"phone": "Telefone"}, default={})
    plans: dict[str, Said] = key("Plans.", {"standard": "Normal"}, default={})
    severities: dict[str, Said] = key(
        "Severities; `Crítica` for `S1` with a name is shown as `S1 – Crítica`.",
        {"S1": {"name": "Crítica", "means": "Ninguém pode trabalhar."}},
        default={},
    )
    priorities: dict[str, Said] = key(
        "The same, for desks that say priority.", {"P1": "Crítica"}, default={}
    )
    stages: dict[str, Said] = key(
        "Stages.", {"closed": {"name": "Encerrado", "means": "O caso terminou."}}, default={}
    )
    types: dict[str, Said] = key("Kinds of case.", {"incident": "Incidente"}, default={})
    categories: dict[str, Said] = key("Categories.", {"login": "Entrada"}, default={})
    facets: dict[str, SaidFacet] = key(
        "The other facets, and what `type`, `category` or `site` are called.",
        {"component": {"name": "Componente", "values": {"app": "Aplicação"}}},
        default={},
    )
    fields: dict[str, Said] = key(
        "Questions of the case form.",
        {"steps": {"name": "Passos", "hint": "O que fez?"}},
        default={},
    )
    directory: dict[str, Said] = key("Fields of the directory.", {"role": "Função"}, default={})
    levels: dict[str, Said] = key("Levels.", {"L2": "L2 – Central"}, default={})
    teams: dict[str, Said] = key("Teams.", {"help desk": "Central de ajuda"}, default={})
    outside: dict[str, Said] = key("Contacts outside.", {"officials": "Técnicos"}, default={})
    sites: dict[str, Said] = key("Places.", {"PMU": "Sede"}, default={})
    services: dict[str, Said] = key(
        "What visitors come for; the same as `in` there.", {"salary": "Salários"}, default={}
    )
    words: dict[str, Words] = key(
        "What has no name of its own, each text as the book has it: steps, papers and their hints,"
        " what a stage needs, names of hours, holidays and freezes, roles, responsibilities, notes,"
        " what plans include, who acts on a value.",
        {"Compare the list": "Comparar a lista"},
        default={},
    )
