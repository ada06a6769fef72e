"""Articles of the demo, written for it: how each desk is used, as its book says. The translations
await their readers.

Language → title, other words for it, text. The first language is the one it was written in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Told = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """One article: its category in the book, who may read it, and what it says in each language."""

    category: str
    texts: Mapping[str, Told]
    audience: str = "public"


SPARK = (
    Written(
        "",
        {
            "en": (
                "What to write when you mail the help desk",
                "email, official mail, contact, how to write",
                (
                    "Mail is the quickest way: it is read on all working days and can bring"
                    " documents.\n\n1. Write from the **official address** of your office. Mail"
                    " from others is taken too, but marked.\n2. Say the **name** and the **PEN** of"
                    " the employee it is about.\n3. Say which **menu** of SPARK, what you did and"
                    " what you saw.\n4. Attach a **picture of the screen** if something does not"
                    " work.\n\nYou get a number by mail. Write it in every further message about"
                    " the same matter."
                ),
            ),
            "ml": (
                "ഹെൽപ് ഡെസ്കിന് മെയിൽ അയക്കുമ്പോൾ എന്തെഴുതണം",
                "ഇമെയിൽ, ഔദ്യോഗിക മെയിൽ, എങ്ങനെ എഴുതണം",
                (
                    "മെയിൽ ആണ് ഏറ്റവും നല്ല വഴി: എല്ലാ പ്രവൃത്തി ദിവസവും വായിക്കും, രേഖകളും"
                    " അയക്കാം.\n\n1. ഓഫീസിന്റെ **ഔദ്യോഗിക മെയിലിൽ** നിന്ന് എഴുതുക.\n2."
                    " ജീവനക്കാരന്റെ **പേരും PEN ഉം** എഴുതുക.\n3. SPARK-ലെ ഏതു **മെനു**, എന്തു"
                    " ചെയ്തു, എന്തു കണ്ടു എന്നു പറയുക.\n4. തകരാറാണെങ്കിൽ **സ്ക്രീനിന്റെ ചിത്രം**"
                    " ചേർക്കുക.\n\nമറുപടിയായി ഒരു നമ്പർ ലഭിക്കും. അതേ കാര്യത്തിന് ആ നമ്പർ എഴുതുക."
                ),
            ),
        },
    ),
    Written(
        "administration",
        {
            "en": (
                "Change the DDO or the establishment officer of an office",
                "FORM 3, nominate DDO, transfer",
                (
                    "The change is made at the PMU after the form has been examined.\n\n1. Fill in"
                    " **FORM 3** and have it signed.\n2. Scan it with the order of the"
                    " transfer.\n3. Open a case of the type *application*, or mail both from the"
                    " official address.\n\nSay the date from which the new officer holds"
                    " charge.\n\n| Other changes of an office | Form |\n|---|---|\n| Controlling"
                    " officer | FORM 5 |\n| HRA | FORM 6 |\n| DDO, department or treasury code,"
                    " name of the office | FORM 7 |"
                ),
            ),
            "ml": (
                "ഓഫീസിന്റെ DDO-യെ മാറ്റാൻ",
                "FORM 3, DDO, സ്ഥലംമാറ്റം",
                (
                    "ഫോം പരിശോധിച്ച ശേഷം PMU ആണ് മാറ്റം വരുത്തുന്നത്.\n\n1. **FORM 3** പൂരിപ്പിച്ച്"
                    " ഒപ്പിടുക.\n2. സ്ഥലംമാറ്റ ഉത്തരവിനൊപ്പം സ്കാൻ ചെയ്യുക.\n3. ഔദ്യോഗിക മെയിലിൽ"
                    " നിന്ന് രണ്ടും അയക്കുക.\n\nപുതിയ ഓഫീസർ ചുമതലയേൽക്കുന്ന തീയതി എഴുതുക."
                ),
            ),
        },
    ),
    Written(
        "administration",
        {
            "en": (
                "Change the address of an office",
                "office moved, letter, PIN",
                (
                    "Send a **letter of the office** with all of these, from the official"
                    " address:\n\n- department and district\n- office name as in SPARK, and the"
                    " office code\n- full address with post office and PIN\n- land phone\n- PEN of"
                    " the DDO"
                ),
            ),
        },
    ),
    Written(
        "",
        {
            "en": (
                "Visit a help desk",
                "token, counter, treasury, timings, PMU",
                (
                    "Calls, mails and chats spare the travel. Come when documents must be"
                    " discussed, and bring them.\n\n- The *processing official* comes, not somebody"
                    " else.\n- Take a **token**: tokens are served first come, first served.\n- The"
                    " PMU in Thiruvananthapuram sees visitors from 12.00 to 1.00 pm and from 3.00"
                    " to 5.00 pm.\n- The help desks at the District Treasuries and in Kannur see"
                    " visitors on working days."
                ),
            ),
            "ml": (
                "ഹെൽപ് ഡെസ്ക് സന്ദർശിക്കാൻ",
                "ടോക്കൺ, ട്രഷറി, സമയം",
                (
                    "ഫോൺ, മെയിൽ, ചാറ്റ് എന്നിവ യാത്ര ഒഴിവാക്കും. രേഖകൾ ചർച്ച ചെയ്യണമെങ്കിൽ അവയുമായി"
                    " വരിക.\n\n- **ടോക്കൺ** എടുക്കുക: ആദ്യം വരുന്നവർക്ക് ആദ്യം.\n- PMU,"
                    " തിരുവനന്തപുരം: 12.00–1.00, 3.00–5.00.\n- ജില്ലാ ട്രഷറികളിലും കണ്ണൂരിലും:"
                    " പ്രവൃത്തി ദിവസങ്ങളിൽ."
                ),
            ),
        },
    ),
)

SALAMA = (
    Written(
        "technical query",
        {
            "pt": (
                "A aplicação não sincroniza",
                "sincronização, sem rede, dados não enviados, sync",
                (
                    "O registo funciona **sem rede**; os dados seguem mais tarde.\n\n1. Continue a"
                    " registar: nada se perde no telemóvel.\n2. Num lugar com rede, abra a"
                    " aplicação e espere pela sincronização.\n3. Não reinstale a aplicação: os"
                    " dados por enviar perder-se-iam.\n\nSe não resultar, diga-nos a **versão da"
                    " aplicação**, o **aparelho** e o que foi feito."
                ),
            ),
            "en": (
                "The app does not synchronise",
                "sync, no network, data not sent",
                (
                    "Registration works **without network**; the data follow later.\n\n1. Go on"
                    " registering: nothing on the phone is lost.\n2. In a place with network open"
                    " the app and wait until it has synchronised.\n3. Do not install the app anew:"
                    " data not sent yet would be gone.\n\nIf it does not help, tell us the"
                    " **version of the app**, the **device** and what was done."
                ),
            ),
        },
    ),
    Written(
        "user account",
        {
            "pt": (
                "Perdi a senha ou não consigo entrar",
                "login, palavra-passe, utilizador, conta",
                (
                    "Peça ao supervisor local que nos diga:\n\n- o **nome** e o **nome de"
                    " utilizador**\n- a **função** (registador, distribuidor, supervisor …)\n- a"
                    " **área administrativa** onde trabalha\n\nRespondemos por telefone ou"
                    " WhatsApp, das 6h00 às 24h00. Nunca envie a senha antiga."
                ),
            ),
            "en": (
                "I lost my password or cannot sign in",
                "login, user name, account",
                (
                    "Ask your local supervisor to tell us:\n\n- **name** and **user name**\n- the"
                    " **role** (registrar, distributor, supervisor …)\n- the **administrative"
                    " area** of the work\n\nWe answer by phone or WhatsApp from 6:00 to 24:00."
                    " Never send the old password."
                ),
            ),
        },
    ),
    Written(
        "data or content",
        {
            "pt": (
                "Falta uma aldeia na lista",
                "aldeias, localidade, dados mestre, lista, CSV",
                (
                    "Envie a lista corrigida como ficheiro CSV, uma linha por aldeia, com estas"
                    " colunas:\n\n`Província, Distrito, Posto Administrativo, Localidade,"
                    " Aldeia`\n\nA lista é verificada linha a linha: o que estiver errado volta com"
                    " o número da linha."
                ),
            ),
            "en": (
                "A village is missing from the list",
                "villages, master data, list, CSV",
                (
                    "Send the corrected list as a CSV file, one line a village, with these"
                    " columns:\n\n`Província, Distrito, Posto Administrativo, Localidade,"
                    " Aldeia`\n\nThe list is checked row by row: what is wrong comes back with the"
                    " number of its line."
                ),
            ),
        },
    ),
    Written(
        "security",
        {
            "pt": (
                "Um telemóvel foi roubado ou perdido",
                "roubo, perda, segurança, aparelho",
                (
                    "Ligue **de imediato**. Diga que aparelho era e que logins eram usados nele:"
                    " serão desactivados.\n\nInforme também o supervisor distrital."
                ),
            ),
            "en": (
                "A phone was stolen or lost",
                "theft, loss, security, device",
                (
                    "Call **at once**. Say which device it was and which logins were used on it:"
                    " they are switched off.\n\nTell the district supervisor too."
                ),
            ),
        },
    ),
)

SPARKROCK = (
    Written(
        "",
        {
            "en": (
                "What helps us to reproduce an issue",
                "steps, replicable, log files, screen capture, data file",
                (
                    "Before you log a case, try to answer these:\n\n1. What are the **steps**?"
                    " Number them.\n2. Can you make it happen **again**?\n3. Does it happen to"
                    " **all users**?\n4. Has it happened **before**?\n5. What has **changed**"
                    " since?\n\nAttach data files, screen captures and log files. A case we can"
                    " reproduce is solved sooner."
                ),
            )
        },
    ),
    Written(
        "",
        {
            "en": (
                "Which severity to choose",
                "priority, S1, S2, S3, S4, urgent, response time",
                (
                    "| | When | First response |\n|---|---|---|\n| **S1** | Work stands still; call"
                    " us | 2 hours |\n| **S2** | An important function is unavailable, no"
                    " workaround | half a business day |\n| **S3** | Unavailable, but there is a"
                    " workaround | 2 business days |\n| **S4** | A minor feature, with a workaround"
                    " | 5 business days |\n\nWe verify the severity and tell you the reason if we"
                    " change it."
                ),
            )
        },
    ),
    Written(
        "",
        {
            "en": (
                "Replace a named contact",
                "new contact, seat, left, change contact",
                (
                    "Named contacts open and close cases for your organisation. Any of them may be"
                    " replaced at any time:\n\n1. Open **Contacts** at the top of this page.\n2."
                    " Say who leaves and who comes.\n3. Send it: it becomes a case.\n\nEverybody"
                    " else of your organisation may read the cases."
                ),
            )
        },
    ),
    Written(
        "",
        {
            "en": (
                "Estimates: what you sign and what happens then",
                "quote, work order, additional time, cost",
                (
                    "Additional time is never spent without your signature.\n\n1. You get an"
                    " **estimate** of time and cost with the case.\n2. A named contact signs or"
                    " declines it.\n3. Signed, it becomes a **work order**; you see what is booked"
                    " on it.\n4. You confirm the delivery."
                ),
            )
        },
        "requesters",
    ),
)

MUKTA = (
    Written(
        "functional",
        {
            "en": (
                "Enter a muster roll",
                "attendance, wage seekers, muster, ward",
                (
                    "1. Open the **work order** of the project and choose *muster roll*.\n2. Choose"
                    " the week and mark the **attendance** of each wage seeker.\n3. Check the sums,"
                    " then submit it for verification.\n\nA muster roll that was sent back shows"
                    " the reason: correct it and submit it again."
                ),
            ),
            "or": (
                "ମଷ୍ଟର ରୋଲ ଭରିବା",
                "ଉପସ୍ଥାନ, ମଜୁରୀ, ମଷ୍ଟର",
                (
                    "1. ପ୍ରକଳ୍ପର **ୱାର୍କ ଅର୍ଡର** ଖୋଲନ୍ତୁ ଏବଂ *ମଷ୍ଟର ରୋଲ* ବାଛନ୍ତୁ।\n"
                    "2. ସପ୍ତାହ ବାଛି ପ୍ରତ୍ୟେକଙ୍କ **ଉପସ୍ଥାନ** ଦିଅନ୍ତୁ।\n3. ଯାଞ୍ଚ କରି ଦାଖଲ କରନ୍ତୁ।"
                ),
            ),
        },
    ),
    Written(
        "technical",
        {
            "en": (
                "Report an issue so that it reaches the right team",
                "help desk, number, screenshot, log",
                (
                    "Tell the help desk:\n\n- your **ULB** (Jatni, Dhenkanal) or your"
                    " organisation\n- the **part of the app** (project, estimate, work order,"
                    " muster roll …)\n- what you did and what you saw, with a picture of the"
                    " screen\n\nYou get a **number**. The help desk sorts it, assigns the priority"
                    " and tells you a tentative date."
                ),
            ),
            "or": (
                "ସମସ୍ୟା କିପରି ଜଣାଇବେ",
                "ହେଲ୍ପ ଡେସ୍କ, ନମ୍ବର, ସମସ୍ୟା",
                (
                    "ହେଲ୍ପ ଡେସ୍କକୁ ଜଣାନ୍ତୁ:\n\n- ଆପଣଙ୍କ **ULB** ବା ସଂଗଠନ\n- ଆପର କେଉଁ **ଅଂଶ**\n"
                    "- କଣ କଲେ ଏବଂ କଣ ଦେଖିଲେ, ସ୍କ୍ରିନର ଛବି ସହ\n\nଆପଣ ଏକ **ନମ୍ବର** ପାଇବେ।"
                ),
            ),
        },
    ),
    Written(
        "functional",
        {
            "en": (
                "Prepare an estimate",
                "estimate, schedule of rates, SOR, measurement",
                (
                    "1. Open the **project** and choose *create estimate*.\n"
                    "2. Add the items of the schedule of rates with their measurements.\n"
                    "3. Add overheads, check the total, and submit it for approval."
                ),
            ),
        },
    ),
)

ARTICLES: Mapping[str, Sequence[Written]] = {
    "spark": SPARK,
    "salama": SALAMA,
    "sparkrock": SPARKROCK,
    "mukta": MUKTA,
}
"""Key of a desk → its articles."""

UNDER_REVIEW: Mapping[str, tuple[str, Told]] = {
    "spark": (
        "en",
        (
            "The one-time code does not come",
            "OTP, mobile number, login",
            (
                "The code goes to the **mobile number registered in SPARK**. If the number has"
                " changed, tell your DDO first."
            ),
        ),
    ),
    "salama": (
        "pt",
        (
            "Trabalhar sem cobertura de rede",
            "offline, rede lenta",
            "Registe sem rede durante o dia e sincronize à noite, num lugar com cobertura.",
        ),
    ),
    "sparkrock": (
        "en",
        (
            "What “Waiting for Customer” means",
            "reminder, closed case, stage",
            (
                "We wait for your reply. We remind you after two and four business days; after six"
                " the case is closed."
            ),
        ),
    ),
    "mukta": (
        "en",
        (
            "Priorities P1 to P4",
            "priority, urgent",
            "The help desk assigns the priority. Say what stands still.",
        ),
    ),
}
"""Key of a desk → what Asha wrote and nobody has read yet: language and text."""

SEARCHED_IN_VAIN: Mapping[str, Sequence[str]] = {
    "spark": ("income tax form 16", "leave surrender", "ശമ്പള കുടിശ്ശിക"),
    "salama": ("bateria carregador", "imprimir vouchers"),
    "sparkrock": ("garnishment order", "year end tax slips", "import school calendar"),
    "mukta": ("change bank account", "ଠିକାଦାର ପଞ୍ଜୀକରଣ"),
}
"""Key of a desk → words readers searched that no article has."""
