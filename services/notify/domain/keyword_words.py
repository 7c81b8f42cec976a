"""The words by which hosts are understood, as they read once made plain. Only `keywords` uses it.

Plain means: lower case, no accents, no punctuation, apostrophes gone ("don't" is "dont"), one space
between words. Words that say nothing by themselves are `FILLER`.
"""

import re
from re import Pattern
from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FILLER: Final = _set(
    "please pls plz thanks thank you thx ty sir maam hi hello hey hola gracias"
    " muchas por favor porfa"
    " disculpe perdon sorry now ya ahora ok everyone all to we are were is it a la el lo the"
)

SPANISH: Final = _set(
    "alto parar paren pare ayuda empezar comenzar iniciar tarde retraso retrasados atrasados cambio"
    " movido cambiamos movimos termino terminamos terminado listo nadie cuando si sí"
    " hora minutos que"
    " no mensajes manden mande envien escriban gracias por favor baja cancelar fiesta estamos vamos"
    " quiero mas me dejen dejar ya llegan vienen media una veinte treinta quince diez claro"
) - {"no", "me", "si"}
"""Words that only Spanish texts have; "no" and "me" are English, too."""

STOP: Final = _set(
    "stop stopall quit end revoke optout unsubscribe unsub alto parar paren pare basta baja"
    " desuscribir desuscribirme stopp"
)
STOP_PHRASES: Final = frozenset({"stop all", "opt out", "opt me out", "opt out all", "alto todo"})
NO_STOP_AFTER: Final = _set("by in over at near sign signs light here off outside for on")
"""What follows where somebody stops by, at a corner, in front of a house: that is no opt-out."""
CANCEL: Final = _set("cancel cancelar cancela cancelen")
HELP: Final = _set("help ayuda info informacion")
START: Final = _set("start unstop empezar comenzar iniciar subscribe resume reanudar suscribir")
YES: Final = frozenset({"claro que si", "yes sir", "si senor"}) | _set(
    "yes y yep yeah yup yess si sip claro sure confirm confirmed confirmo confirmado confirmamos"
    " correct correcto affirmative definitely absolutely okay"
)
NO: Final = _set("no n nope nah")
THANKS: Final = _set(
    "thanks thank you thx ty gracias muchas ok okay k great perfect perfecto cool got it bien vale"
    " sounds good will do awesome genial excelente so much very mil received recibido"
)
AFFIRMS: Final = re.compile(
    r"^(we (will|are going to) (be there|have it|do it)|well be (there|here)|we are|we will|it is"
    r"|ill be (there|here)|still (on|happening)|confirm(ed|amos|o|ado)?|vamos a (hacerla|estar)"
    r"|la (haremos|hacemos|vamos a hacer)|estaremos|ahi estaremos|aqui estaremos|por"
    r" supuesto|claro)"
)
REFUSES: Final = re.compile(
    r"^(we (cant|cannot|can not|wont|will not|are not)|not (this year|anymore|any more|happening)"
    r"|its? (is )?(cancelled|canceled|not happening)|no (podemos|vamos a poder|podremos)"
    r"|ya no|este ano no|no la (haremos|hacemos|vamos a hacer)|no habra)"
)

_ASK: Final = r"(text\w*|txt\w*|messag\w*|msg\w*|sms|contact\w*|writ\w+|call\w*|spam\w*|bother\w*)"
OPT_OUT: Final[Pattern[str]] = re.compile(
    r"\b("
    rf"stop (all |the |these |those |your |ur |this |sending |with |me )*{_ASK}"
    rf"|quit (the |these |your )*{_ASK}|stop sending|stop it|stop this|stop now|stop please"
    r"|unsubscribe|un subscribe|opt me out|opt out|optout|revoke (my )?(consent|permission)"
    rf"|(dont|do not|never) ({_ASK}|send|want (any |these |your |more |any more )*{_ASK})"
    rf"|no (more|longer want) (of )?(these |your )*{_ASK}|no (more )?{_ASK} (please|anymore)"
    r"|(remove|delete|erase) (me|my (number|phone|cell))|take me off|take my (number|phone) off"
    r"|leave me alone|lose (my|this) number|not interested in (these |your )?(texts|messages)"
    r"|(ya )?no me (manden|mande|mandes|envien|envie|envies|escriban|escriba|escribas|texteen"
    r"|textee|texten|contacten|contacte|molesten|moleste)"
    r"|no (quiero|queremos|deseo|deseamos) (recibir )?(mas |sus |estos |ningun |ningunos )*"
    r"(mensajes?|textos?|sms|notificaciones)|no mas (mensajes?|textos?|sms)"
    r"|(dejen|deje|deja|paren|pare|para|parar|parenle) (ya )?(de|los|con los|con) ?"
    r"(mandar\w*|enviar\w*|escribir\w*|textear\w*|molestar\w*|mensajes|textos)"
    r"|(quitenme|quiteme|borrenme|borreme|saquenme|saqueme|eliminenme|elimineme)"
    r"|(darme|deme|denme|quiero darme) de baja|cancelar (mi |la )?suscripcion"
    r")\b"
)
UNLESS: Final[Pattern[str]] = re.compile(
    r"\b(dont|do not|never|no|not) (ever |please )?(stop|quit|unsubscribe|opt|paren"
    r"|dejen|deje|remove"
    r"|take|delete|leave|pare)\b"
)
"""Who says this wants to go on being told."""
START_PHRASES: Final[Pattern[str]] = re.compile(
    r"\b(start (texting|sending|messaging)|(text|message) me again|resubscribe|subscribe me"
    r"|(vuelvan|vuelva) a (mandar\w*|enviar\w*|escribir\w*)|opt (me )?(back )?in)\b"
)

LATE: Final[Pattern[str]] = re.compile(
    r"^(late|tarde|retraso|delayed|delay|retrasados|retrasado|atrasados)\b(?! (registration|night))"
    r"|\b(we|were|im|i am|will be|well be|running|run|be|party is|its|starting|start|going to be)"
    r" (a |about |maybe |probably |running |starting |little |bit |\d+ ?\w* ){0,4}(late|delayed)\b"
    r"|\b\d+ ?(m|min|mins|minutes?|minutos|hours?|horas?) (late|tarde|de retraso"
    r"|behind|retrasad\w+)"
    r"|\b(vamos|llegamos|llegaremos|empezamos|empezaremos|comenzamos|comenzaremos"
    r"|estamos|voy|andamos)"
    r" (\w+ ){0,4}(tarde|retrasad[oa]s?|atrasad[oa]s?)\b|\bcon (\w+ )?retraso\b|\bretraso de\b"
)
NOT_LATE: Final[Pattern[str]] = re.compile(
    r"\b(too late|not late|demasiado tarde|(esta|la|por la|en la|de la) tarde|(you"
    r"|they|youre|theyre"
    r"|team|police|officers?|ustedes|policia|nobody)( \w+){0,2} (late|delayed|tarde)|mas tarde"
    r"|how late|late fee|estan (\w+ )?(tarde|retrasados)|why (are|is))\b"
)
MOVED: Final[Pattern[str]] = re.compile(
    r"^(moved|movido|movida|nos movimos|cambio|nos cambiamos|cambiamos de (lugar"
    r"|sitio|direccion))\b"
    r"(?! (my|me|de (hora|horario|planes|fecha|idea|telefono|numero)))"
    r"|\b(we|weve|party|we have|party has|has been|its been|was|is|got|it) moved( to| down| over|$)"
    r"|\b(nos movimos|nos cambiamos|cambiamos de (lugar|sitio|direccion)"
    r"|nueva direccion|new (address|location|place)|la fiesta (se movio|se cambio"
    r"|cambio de lugar))\b"
)
NOT_MOVED: Final[Pattern[str]] = re.compile(
    r"\b(can|could|should|may|if|not|never|no|hasnt|havent|podemos) (\w+ ){0,2}(moved|move|movi\w+"
    r"|cambi\w+)\b|\bmoved? (the )?(time|date|hour)\b|\b(moved? it to|moved to)"
    r" \d{1,2}( \d\d)? ?[ap]m\b"
)
DONE: Final[Pattern[str]] = re.compile(
    r"^(done|finished|termino|terminado|terminamos|terminada|acabamos|listo)$"
    r"|^(done|finished|termino|terminamos|acabamos)\b(?! (with|signing|registering|de"
    r"|con|el|by|at))"
    r"|\b(we are|were|all|its|it is|party is|party was|party has) (all |already |now )?"
    r"(done|finished|ended|wrapped up)$"
    r"|\bparty (is |has |was )?(all )?(already )?(over|done|ended|finished)\b|\bits over$"
    r"|\b(ya )?(terminamos|acabamos)( la fiesta| ya| todo)?$|\b(la fiesta|ya) (ya )?(se )?"
    r"(termino|acabo)\b|\bwrapped up\b|\bpacked up\b"
)
NOT_DONE: Final[Pattern[str]] = re.compile(
    r"\b(not|arent|isnt|no|aun no|todavia no|when|until|hasta|cuando|almost|casi|before|if)"
    r" (\w+ ){0,4}(done|over|finished|ended|termin\w+|acab\w+|listo)\b"
)
NOBODY: Final[Pattern[str]] = re.compile(
    r"^(nobody|no one|noone|nadie)\b(?! (told|said|has told|in particular|me|nos ha"
    r" dicho|knows|sabe"
    r"|called))"
    r"|\b(nobody|no one|noone) (\w+ )?(is |was |has )?(here|came|come|coming|showed|shows|arrived"
    r"|turned|there)\b"
    r"|\b(no hay nadie|nadie (vino|llego|ha venido|ha llegado|viene|aparecio)|no vino nadie"
    r"|no ha (venido|llegado) nadie)\b"
)
NOT_NOBODY: Final[Pattern[str]] = re.compile(r"\bnobody (told|said|knows|called)\b")
WHEN_BEGINS: Final[Pattern[str]] = re.compile(
    r"^(when|what time|cuando|a que hora|que hora|eta|how (long|soon)|how much longer|en cuanto)\b"
)
WHEN_ABOUT: Final[Pattern[str]] = re.compile(
    r"\b(com(e|ing)|arriv\w+|here|visit\w*|get(ting)? here|show\w*|eta|expect\w*|vien\w+|llega\w*"
    r"|ven(ir|dra|dran)|visita\w*|pasa\w*|stop\w*|be there|longer|cuanto)\b"
)
WHEN_ELSE: Final[Pattern[str]] = re.compile(
    r"\b(when (we|i|its|it|my)|cuando (lleguen|vengan|termin\w+|acab\w+)|visitors?|guests?)\b"
)

REACTION: Final[Pattern[str]] = re.compile(
    r"^\s*(liked|loved|disliked|laughed at|emphasized|questioned|removed an? \w+ from"
    r"|reacted \S+ to|le (gust|encant|dio)\w*|me (gusta|encanta)|a .{0,12}"
    r" reaccion\w*|\W{1,4} (to|a))"
    r"\s*[“\"«‘']",
    re.IGNORECASE,
)
"""A telephone's thumb on one of our messages, told as a text that quotes it."""

NUMBERS: Final = {
    **{"five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"cinco": 5, "diez": 10, "quince": 15, "veinte": 20, "treinta": 30, "cuarenta": 40},
    **{"cincuenta": 50, "sixty": 60, "sesenta": 60, "ninety": 90, "noventa": 90},
}
HOURS: Final[tuple[tuple[Pattern[str], int], ...]] = (
    (re.compile(r"\b(an|one|1|una|un) (hour|hr|hora) (and a half|y media)\b"), 90),
    (re.compile(r"\b(half an? hour|half hour|media hora)\b"), 30),
    (re.compile(r"\b(a )?quarter (of an )?hour\b|\bun cuarto de hora\b"), 15),
    (re.compile(r"\b(two|2|dos) (hours?|hrs?|horas?)\b"), 120),
    (re.compile(r"\b(an|one|1|una|un) (hour|hr|h|hora)\b"), 60),
)
TENS: Final[Pattern[str]] = re.compile(
    r"\b(twenty|thirty|forty|fifty|veinti|treinta y|cuarenta y|cincuenta y) ?(five|cinco)\b"
)
