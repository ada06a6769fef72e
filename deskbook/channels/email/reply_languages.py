"""What mail programs write around an answer, by language: the words a reply is recognised by.

Each attribution pattern is matched against one line put together from up to four; it must also hold
a digit or an address (see reply_text), so that "On reflection she wrote:" stays what it is, a
sentence.
"""

from __future__ import annotations

import re

MARKERS = {
    "en": "Please write your answer above this line",
    "pt": "Escreva a sua resposta acima desta linha",
    "hi": "कृपया अपना उत्तर इस पंक्ति के ऊपर लिखें",
    "ml": "നിങ്ങളുടെ മറുപടി ഈ വരിക്ക് മുകളിൽ എഴുതുക",
    "or": "ଦୟାକରି ଆପଣଙ୍କ ଉତ୍ତର ଏହି ଧାଡ଼ି ଉପରେ ଲେଖନ୍ତୁ",
}
"""The line above which our mails ask the answer to be written."""

ATTRIBUTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"on\b.{6,280}\b(wrote|writes|said)\s*:?",
        r"(em|no dia|na|no|a|às|aos|ao)\b.{6,280}\b(escreveu|escreveram|disse)\s*:?",
        r".{6,280}\b(escreveu|escreveram)\s*(no dia|em|a)?\b.{0,80}:",
        r".{6,280}\s(ने|द्वारा)\s+(यह\s+)?(लिखा|लिखा है|लिखा था|कहा)\s*[:：]?",
        (
            r".{6,280}\s(ഇപ്രകാരം |ഇങ്ങനെ |ഇനിപ്പറയുന്നത്"
            r" )?(എഴുതി|എഴുതിയത്|എഴുതിയിരിക്കുന്നു|രേഖപ്പെടുത്തി)\s*[:：]?"
        ),
        r".{6,280}\s(ଲେଖିଛନ୍ତି|ଲେଖିଲେ|ଲେଖିଥିଲେ|ଲେଖିଛି)\s*[:：]?",
        r"le\b.{6,280}\ba écrit\s*:?",
        r"am\b.{6,280}\bschrieb\b.{0,120}:?",
        r".{6,280}\bschrieb am\b.{6,120}:",
        r"el\b.{6,280}\bescribi[óo]\s*:?",
        # Gmail and others with no language of their own: date, name, address, colon.
        r"\d{4}[-/]\d\d?[-/]\d\d?\b.{0,200}<[^<>\s@]+@[^<>\s]+>\s*:",
        r".{2,200}<[^<>\s@]+@[^<>\s]+>\s*:",
    )
)

FROM_LABELS = (
    "from",
    "de",
    "von",
    "प्रेषक",
    "द्वारा",
    "से",
    "അയച്ചത്",
    "പ്രേഷകൻ",
    "ആരിൽ നിന്ന്",
    "ପ୍ରେରକ",
    "ଠାରୁ",
)
OTHER_LABELS = (
    *("sent", "date", "to", "cc", "bcc", "subject", "reply-to", "importance", "attachments"),
    *(
        "enviado",
        "enviada",
        "enviado em",
        "enviada em",
        "data",
        "para",
        "assunto",
        "cco",
        "responder a",
        "importância",
        "anexos",
    ),
    *("भेजा गया", "भेजा", "दिनांक", "तारीख", "प्रति", "को", "प्रतिलिपि", "विषय", "सीसी"),
    *("അയച്ച തീയതി", "അയച്ച സമയം", "തീയതി", "സ്വീകർത്താവ്", "സ്വീകർത്താക്കൾ", "പകർപ്പ്", "വിഷയം"),
    *("ପଠାଯାଇଛି", "ତାରିଖ", "ପ୍ରାପକ", "ନକଲ", "ବିଷୟ"),
    *(
        "envoyé",
        "à",
        "objet",
        "gesendet",
        "an",
        "betreff",
        "datum",
        "asunto",
        "fecha",
        "enviado el",
    ),
)

DIVIDERS = re.compile(
    r"[-_=*\s]{3,}(original message|original appointment|reply message|mensagem original|mensagem"
    r" de resposta|"
    r"मूल संदेश|മൂല സന്ദേശം|യഥാർത്ഥ സന്ദേശം|ମୂଳ ସନ୍ଦେଶ|ମୂଳ ବାର୍ତ୍ତା|message d'origine|message"
    r" original|"
    r"ursprüngliche nachricht|mensaje original)[-_=*\s]{3,}",
    re.IGNORECASE,
)
"""Lines after which everything is the answered mail."""

FORWARDS = re.compile(
    r"[-_=*\s]{2,}(forwarded message|forwarded by.{0,80}|mensagem encaminhada|mensagem"
    r" reencaminhada|अग्रेषित संदेश|"
    r"फ़ॉरवर्ड किया गया संदेश|फॉरवर्ड किया गया संदेश|കൈമാറിയ സന്ദേശം|ഫോർവേഡ് ചെയ്ത"
    r" സന്ദേശം|ଅଗ୍ରସାରିତ ସନ୍ଦେଶ|"
    r"ଫରୱାର୍ଡ କରାଯାଇଥିବା ସନ୍ଦେଶ|message transféré|weitergeleitete nachricht|mensaje"
    r" reenviado).{0,40}|"
    r"begin forwarded message:|início da mensagem (re)?encaminhada:|अग्रेषित संदेश शुरू:|"
    r"(>>\s*)?(forwarded from whatsapp|encaminhada do whatsapp|reencaminhada do whatsapp|whatsapp"
    r" से अग्रेषित).{0,80}",
    re.IGNORECASE,
)
"""Lines after which the mail is what its sender wants us to read: never cut off."""

MOBILE_SIGNATURES = re.compile(
    r"(sent from (my|the|outlook|yahoo|mail|gmail|samsung|proton|a ).{0,80}|sent (via|with)"
    r" .{2,60}|"
    r"get outlook for .{2,40}|"
    r"sent from an? .{2,60}|enviad[oa] (do meu|a partir do|desde o|pelo|do|de meu|via|por) .{2,80}|"
    r"obter o outlook para .{2,40}|"
    r"obtenha o outlook para .{2,40}|baixe o outlook para .{2,40}|"
    r"(मेरे|मेरी|अपने) .{2,60} (से )?(भेजा गया|भेजा गया है|प्रेषित)\.?|.{2,60} से भेजा"
    r" गया\.?|(ios|android) के लिए outlook प्राप्त करें|"
    r"എന്റെ .{2,60}(അയച്ചത്|അയച്ചതാണ്)\.?|.{2,60}ൽ നിന്ന് അയച്ചത്\.?|.{2,60}-ൽ നിന്ന് അയച്ചത്\.?|"
    r"ମୋ(ର)? .{2,60}(ପଠାଯାଇଛି|ପଠାଗଲା|ପ୍ରେରିତ)\.?|.{2,60}ରୁ ପଠାଯାଇଛି\.?|"
    r"envoyé (de mon|depuis) .{2,60}|von meinem .{2,60} gesendet|gesendet (von|mit) .{2,60}|"
    r"enviado desde (mi )?.{2,60})",
    re.IGNORECASE,
)
"""A last line a telephone adds by itself; it may name an address of a shop in `<>`."""
