"""Words that say nothing about what somebody is looking for, folded as texts are searched."""

from deskbook.tickets.folding import folded

_TYPED = """
a about after all also am an and any are as at be been but by can cannot could did do does for from
had has have he hello help her here hi his how i if in into is it its just like me my no not of on
only or our please she since so some thank thanks that the their them then there they this to up us
was we were what when where which who why will with would you your a à ao aos as às até com como da
das de do dos e é ela ele eles em entre era essa esse esta está este eu favor foi isso já lhe mais
mas me meu minha muito na não nas no nos nós o olá onde os ou para pela pelo por pode porque quando
que quem se sem ser seu sua são também tem tenho um uma você और का की के को है हैं हो में मेरा मेरी
मेरे मैं से पर यह वह ये वे नहीं क्या कैसे था थी थे लिए तो भी कृपया एक ने कर हम आप ഒരു ഈ ആ എന്ന്
എന്നാൽ എന്റെ ഞാൻ എങ്ങനെ എന്ത് ഇത് അത് ആണ് ഇല്ല ഉണ്ട് വേണം കൂടി പക്ഷേ ദയവായി ଏକ ଏହି ସେହି ଏବଂ ଓ ମୁଁ
ମୋର ମୋ କଣ କିପରି କେମିତି ନାହିଁ ଅଛି ଦୟାକରି ପାଇଁ ରୁ ରେ କୁ
"""
STOP_WORDS = frozenset(folded(_TYPED).split())
