"""What teams of a malaria campaign report about its app and devices, and what its help desk answers.

The Portuguese lines were machine-made: for review by somebody who speaks it in Mozambique.
"""

# ruff: noqa: E501  a text on one line is easier to read and to correct than one in pieces

from deskbook.simulation.phrases import Phrases, Trouble


def _case(
    type_: str, category: str, level: int, subject: str, *texts: str,
    language: str = "pt", outside: bool = False, often: int = 6,
) -> Trouble:  # fmt: skip
    request, question, reply, finding, progress, solution = texts
    facets = {"type": type_, "category": category}
    return Trouble(
        subject, request, question, reply, finding, progress, solution, level, facets, language, outside, often
    )


_NONE = ("", "", "", "", "")
"""A case that goes out at once is asked and told nothing."""

CAMPAIGN = Phrases(
    troubles=(
        _case(
            "incident", "technical query", 1, "Sincronização falha em toda a equipa de {village}",
            "Desde as {hour} horas nenhum telemóvel da equipa de {village} sincroniza. Temos {count} registos por enviar e a equipa está parada.",
            "Qual é a versão da aplicação e que mensagem aparece ao sincronizar?",
            "Versão {version}. Aparece “erro de rede”, mas a internet funciona no mesmo telefone.",
            "Fila de envio bloqueada por um registo sem agregado; visto também noutro distrito.",
            "Um registo incompleto bloqueia a fila. Não apaguem a aplicação: os dados estão guardados no telemóvel.",
            "A fila foi libertada e os {count} registos chegaram. A equipa já pode continuar.",
        ),
        _case(
            "incident", "technical query", 2, "Aplicação fecha ao registar a segunda criança",
            "No telemóvel do distribuidor de {village} a aplicação fecha quando se regista a segunda criança do mesmo agregado.",
            "Pode dizer o modelo do telemóvel e a versão da aplicação?",
            "É o telemóvel da campanha, versão {version}.",
            "Memória do aparelho cheia de fotografias; acontece abaixo de 200 MB livres.",
            "Acontece quando há pouca memória livre. Por favor apague as fotografias e tente de novo connosco ao telefone.",
            "Com memória livre a aplicação já não fecha. O registo da criança foi feito.",
        ),
        _case(
            "incident", "technical query", 2, "Bateria do telemóvel acaba antes do meio-dia",
            "Dois telemóveis da equipa de {village} desligam-se antes das {hour} horas, mesmo carregados durante a noite.",
            "O brilho do ecrã está no máximo, e o GPS fica sempre ligado?",
            "Sim, o brilho está no máximo.",
            "Brilho e GPS; um aparelho tem a bateria gasta.",
            "Reduza o brilho e feche a aplicação entre as casas. Se continuar, o monitor troca o aparelho.",
            "Com o brilho reduzido chegam ao fim do dia. Um dos aparelhos foi trocado pelo monitor.",
        ),
        _case(
            "service request", "user account", 2, "Palavra-passe esquecida: {role} em {village}",
            "O {role} de {village} esqueceu a palavra-passe e não consegue entrar na aplicação.",
            "Qual é o nome de utilizador e o local de trabalho?",
            "O utilizador termina em {n}, trabalha em {village}.",
            "Utilizador encontrado, conta bloqueada após cinco tentativas.",
            "Encontrámos o utilizador. Vamos repor a palavra-passe e ligar ao monitor.",
            "A palavra-passe foi reposta e dita por telefone. O utilizador já entrou.",
            often=10,
        ),
        _case(
            "service request", "user account", 2, "Criar {n} utilizadores para novas equipas",
            "Chegaram novas equipas a {village}. Precisamos de {n} utilizadores: distribuidores e um supervisor.",
            "Por favor envie os nomes e a função de cada um.",
            "A lista foi enviada por WhatsApp ao posto de ajuda.",
            "Criados em lote, o supervisor à parte.",
            "Recebemos a lista. Os utilizadores ficam prontos ainda hoje.",
            "Os {n} utilizadores existem; as palavras-passe foram dadas ao supervisor do distrito.",
        ),
        _case(
            "incident", "user account", 2, "Utilizador vê a função errada",
            "O {role} de {village} entra, mas só vê o menu do armazém e não o das famílias.",
            "Que função devia ter?",
            "Devia ser distribuidor.",
            "Função errada na lista carregada.",
            "A função na lista estava errada. Estamos a corrigir; é preciso sair e entrar de novo.",
            "A função foi corrigida e o menu das famílias aparece.",
        ),
        _case(
            "service request", "data or content", 2, "Aldeias em falta na lista: {village}",
            "Na aplicação faltam aldeias do posto de {village}. Envio a lista actualizada para carregar.",
            "As equipas dessas aldeias já começaram a distribuição?",
            "Começam amanhã às {hour} horas.",
            "Aldeias novas depois do microplano; comparar com os dados-mestre.",
            "Recebemos a lista e estamos a comparar com os dados da plataforma.",
            "As aldeias foram carregadas. Sincronize uma vez e escolha a aldeia na lista.",
            often=12,
        ),
        _case(
            "incident", "data or content", 2, "Aparecem registos de outra equipa",
            "No telemóvel do registador de {village} aparecem {count} agregados que não são dele.",
            "O telemóvel foi usado por outra pessoa antes?",
            "Sim, foi trocado na semana passada.",
            "Dois perfis no mesmo aparelho; o primeiro não terminou a sessão.",
            "O utilizador anterior não terminou a sessão. Por favor sincronize antes de sair.",
            "Agora só se vêem os agregados da própria equipa. Nada se perdeu.",
        ),
        _case(
            "incident", "security", 2, "Telemóvel roubado em {village}",
            "O telemóvel de um registador foi roubado ontem em {village}. Tinha {count} registos sincronizados.",
            "Qual era o utilizador que estava no aparelho?",
            "O utilizador que termina em {n}.",
            "Sessões terminadas; último envio antes do roubo.",
            "Os acessos deste aparelho estão a ser desligados agora.",
            "Os acessos foram desligados e o supervisor do distrito está informado. Os registos estão guardados.",
            often=3,
        ),
        _case(
            "incident", "performance", 2, "Sem rede em {village}, como enviar?",
            "Em {village} não há rede de nenhum operador. Há {count} registos de três dias por enviar.",
            "Há rede nalgum lugar por onde a equipa passa?",
            "Na sede do posto, ao fim da tarde.",
            "Sem cobertura conhecida; os dados ficam no aparelho.",
            "Podem trabalhar sem rede. Sincronizem na sede do posto ao fim do dia.",
            "Os registos foram enviados a partir da sede do posto.",
        ),
        _case(
            "question", "technical query", 2, "Como registar uma criança ausente?",
            "Quando a criança não está em casa, o que devemos marcar na aplicação? Pergunta da equipa de {village}.",
            "É a primeira visita à casa?",
            "Sim, é a primeira.",
            "Pergunta frequente.",
            "Marquem “ausente” e a casa fica na lista para a segunda visita.",
            "Está explicado nas perguntas frequentes: “ausente” e nova visita no dia seguinte.",
        ),
        _case(
            "change request", "technical query", 2, "Pedido: mostrar o total do dia no ecrã inicial",
            "Os supervisores de {village} pedem que a aplicação mostre no ecrã inicial o total de crianças do dia.",
            "Basta o total da equipa ou também por distribuidor?", "O total da equipa basta.",
            "Desejo de vários distritos.", "O pedido está registado.", "Está incluído na próxima versão.",
            often=6,
        ),
        _case(
            "app update", "technical query", 2, "Enviar a versão com a correcção do ecrã do armazém",
            "A correcção do ecrã do armazém está pronta. Quando pode ser enviada aos telemóveis?",
            "Quantos aparelhos são?", "Cerca de {count} no distrito.",
            "Só depois da campanha.", "A actualização está registada.", "A actualização foi enviada.",
            often=3,
        ),
        _case(
            "problem", "technical query", 1, "Sincronização bloqueia desde a versão {version}",
            "Várias equipas ficam com a fila de envio bloqueada. Este caso reúne-as; é preciso encontrar a causa.",
            "Que equipas foram as primeiras?", "As de {village}, no primeiro dia da campanha.",
            "A record without household blocks the queue; validation is missing on the device.",
            "A causa parece ser um registo sem agregado. A eGov em Bangalore está a confirmar.",
            "O servidor aceita agora o registo incompleto e as filas andam sem nova versão da aplicação.",
            often=2,
        ),
        _case(
            "incident", "technical query", 2, "Falta de SPAQ no posto de {village}",
            "O posto de {village} só tem SPAQ para mais um dia. Quem repõe o stock?", *_NONE, outside=True, often=9,
        ),
        _case(
            "question", "technical query", 2, "Qualidade do SPAQ: comprimidos partidos",
            "Em {village} abrimos caixas com comprimidos partidos. Podemos distribuir?", *_NONE, outside=True, often=5,
        ),
        _case(
            "incident", "security", 2, "Telemóveis da campanha não chegaram a {village}",
            "A equipa de {village} começa amanhã e ainda não recebeu {n} telemóveis.", *_NONE, outside=True, often=8,
        ),
        _case(
            "incident", "technical query", 2, "Sync keeps turning for the supervisors of {village}",
            "The supervisors of {village} see the sync turning for more than ten minutes. The distributors are fine.",
            "Which version do they have, and how many records are waiting?",
            "{version}; about {count} records.",
            "Supervisors pull the whole district; the list has grown past the page size.",
            "Supervisors load the whole district. We are asking eGov to load it in pages on the server.",
            "The list comes in pages now and the sync ends within a minute.",
            language="en",
        ),
        _case(
            "service request", "data or content", 2, "Update the list of villages of {village}",
            "The district sends a corrected list of villages for {village}; please load it before tomorrow.",
            "Are any of the old villages to be removed?",
            "No, only added.",
            "Codes of two villages were swapped; compare before loading.",
            "We have the list and compare it with the master data.",
            "The villages are loaded. Please sync once.",
            language="en",
        ),
        _case(
            "incident", "user account", 2, "Login of the {role} in {village} is refused",
            "The {role} in {village} gets “invalid user” since this morning.",
            "What is the user name, and was the phone changed?",
            "It ends with {n}; same phone.",
            "User was deactivated with those of the first phase.",
            "The account was switched off by mistake with those of another phase.",
            "The account is on again and the user has signed in.",
            language="en",
        ),
    ),
    slots={
        "village": ("Namiconha", "Mutiva", "Nataleia", "Nioce", "Canacué", "Muatuca", "Mecua", "Nacololo"),
        "hour": ("7", "8", "9", "10", "11"),
        "count": ("18", "27", "43", "64", "112"),
        "n": ("3", "4", "6", "8", "12"),
        "version": ("1.4.2", "1.4.3"),
        "role": ("registador", "distribuidor", "supervisor"),
    },
    greetings={"pt": ("Bom dia,", "Boa tarde,", "Olá,"), "en": ("Good morning,", "Hello,")},
    nudges={"pt": ("A equipa continua parada. Há novidades?", "Por favor, precisamos de resposta ainda hoje."), "en": ("Any news? The team is waiting.",)},
    thanks={"pt": ("Já funciona, obrigado.", "Muito obrigada, está resolvido."), "en": ("It works, thank you.",)},
    not_yet={"pt": ("Voltou a acontecer esta manhã.", "Ainda não está resolvido na segunda equipa."), "en": ("It happens again in the second team.",)},
    replies={"pt": ("Sim, fizemos isso. Continua igual.", "Liguei ao monitor, ele confirma."), "en": ("Yes, we did that. No change.",)},
    received={
        "pt": ("Registámos o seu caso e já estamos a ver.", "Obrigado por ligar. O caso está registado com este número."),
        "en": ("Your case is logged and we are looking into it.",),
    },
    further={
        "pt": ("Continuamos a trabalhar nisto com o monitor local.", "A eGov confirmou a causa e está a corrigir.", "Falta só confirmar com a equipa no terreno."),
        "en": ("eGov confirmed the cause and works on it.", "We are still on it with the local monitor."),
    },
    asking_again={"pt": ("Pode enviar uma fotografia do ecrã por WhatsApp?", "Pode tentar mais uma vez e dizer o que aparece?"), "en": ("Could you try once more and tell us what you see?",)},
    notes={"en": ("Falado com o monitor local por telefone.", "Igual ao caso de ontem noutro distrito.", "Waiting for the log of the device.")},
    promises={"pt": ("Voltamos a ligar ao monitor", "Prazo provável da solução"), "en": ("We will call the monitor back",)},
    graver=("Equipas paradas.",),
    milder=("Uma pessoa só, a equipa trabalha.",),
    handing_on=(
        "O monitor não consegue resolver no terreno; precisa do posto de ajuda.",
        "Não se resolve no posto de ajuda: precisa da eGov.",
    ),
    handing_back=("Done on the server; please have the team sync and confirm.", "Feito; confirmem com a equipa no terreno."),
    claims=False,
    channels=(0.42, 0.38, 0.2),
    passes_on=16,
    holding={
        "pt": ("Durante a campanha a aplicação não é alterada. O seu pedido está registado e é retomado logo depois.",),
        "en": ("During the campaign the app is not changed. Your wish is logged and taken up right after it.",),
    },
    references=(
        "Ponto focal do programa no distrito, falado ao telefone",
        "Programa da malária, responsável de logística da província, WhatsApp n.º 41",
        "Responsável do armazém distrital, pedido n.º 117",
    ),
    redirecting={
        "pt": ("Este assunto é do programa da malária. Já o passámos ao responsável, que lhe responde directamente.",),
        "en": ("This is a matter of the malaria programme. We have passed it on; they will answer you.",),
    },
    asking_for_papers={
        "pt": ("Para continuar precisamos ainda de:\n\n{papers}\n\nPor favor envie em resposta a esta mensagem.",),
        "en": ("To go on we still need from you:\n\n{papers}\n\nPlease send it as an answer to this.",),
    },
    papers_sent={"pt": ("Segue a lista em anexo.", "Lista corrigida em anexo."), "en": ("The list is attached.",)},
)  # fmt: skip
