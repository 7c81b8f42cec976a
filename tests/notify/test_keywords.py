"""What hosts mean by their texts, in both languages, false friends included."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.domain.keywords import Meaning, understand

STOPS = """
STOP|stop|Stop.|STOP!!|  stop  |S\u0301TOP|stop please|Please stop|STOP 🛑|🛑|stop thanks|STOPALL
Stop all
QUIT|end|End.|REVOKE|revoke my consent|OPT OUT|opt-out|OptOut|opt me out|UNSUBSCRIBE
unsubscribe me please
please stop texting me|Stop texting me!!|stop sending me these messages|stop messaging
quit texting me
don't text me|Do not contact me again|dont send me anything|no more texts|No more messages please
take me off this list|remove me|remove my number|leave me alone|lose my number
I do not want these texts
stop this|stop the texts|stop it|how do I stop these texts?|STOP I never signed up
You didn't stop texting me
ALTO|alto|¡ALTO!|Alto por favor|PARAR|parar|paren|Pare|basta|baja|BAJA
no me manden más mensajes|No me mande mensajes|ya no me escriban|no quiero más mensajes
no quiero recibir mensajes
dejen de mandarme mensajes|deje de escribirme|quítenme de la lista|bórrenme
quiero darme de baja|no más mensajes
paren de enviar mensajes|cancelar mi suscripción
"""
CANCELS = (
    "CANCEL|cancel|Cancel please|CANCEL!|cancel my party|cancel the party please|CANCELAR|cancela"
)
HELPS = "HELP|help|Help!|help please|AYUDA|ayuda por favor|INFO|info|¿Ayuda?|help me|información"
STARTS = "START|start|UNSTOP|unstop please|EMPEZAR|empezar|start texting me again|Start!"
LATES = """
LATE 20=20|late=|Late 15 min=15|LATE 20 minutes please=20|we are running late 20 min=20
We're running 30 minutes late=30
running late=|We will be late, about 45 minutes=45|late half an hour=30|LATE 1 hour=60
Late: twenty minutes=20
late twenty-five=25|LATE 20-30=30|late 10m=10|We will be a little late=|Late until 7:30=
late 900=|LATE20=20
TARDE 20=20|tarde=|Tarde 15 minutos=15|vamos tarde 20 min=20|Vamos a empezar 30 minutos tarde=30
llegamos tarde=|vamos con retraso=|retraso de media hora=30|TARDE una hora=60
estamos retrasados 15=15
tarde treinta y cinco=35|yes, running late 20=20
"""
MOVES = """
MOVED|moved to 300 Elm|We moved to the park|the party has moved to Oak St|new address 12 Elm St
Moved.
CAMBIO|cambio a calle 5|MOVIDO|nos movimos al parque|cambiamos de lugar|la fiesta se movió
¡Movido!
"""
DONES = """
DONE|done!|we're done|We are all done, thank you|party is over|The party has ended|finished
Done thanks|it's over
TERMINO|terminó|Terminamos|ya terminamos|LISTO|listo|la fiesta ya se acabó|La fiesta terminó
Listo gracias
"""
NOBODIES = """
NOBODY|nobody here|Nobody came|no one is here|No one showed up|noone came|nobody came yet
NADIE|nadie vino|No hay nadie|nadie ha llegado|no vino nadie
"""
WHENS = """
WHEN|when?|When are you coming?|when will they arrive|What time will you be here?
when is the visit|eta?|ETA
CUANDO|¿Cuándo?|cuándo vienen|¿A qué hora llegan?|a que hora vienen|how much longer
"""
YESSES = "YES|yes!|Yes please|y|yep|Yes 👍|👍|✅|SI|sí|Sí, gracias|si gracias|Claro que si"
YESSES += "|yes we will be there|Yes confirmed"
YESSES += "|confirmed|sí vamos a estar|okay yes|si confirmamos"
NOES = "NO|no.|No thanks|no gracias|nope|No, sorry|👎|no we can't|No podemos"
NOES += "|no, not this year|no vamos a poder"
NOES = NOES.replace("|No podemos", "").replace("|no vamos a poder", "|no no podemos")
THANKSES = "thanks|Thank you so much|ok|Gracias!|muchas gracias|🙏|ok thanks|great"
THANKSES += "|perfecto gracias"
OTHERS = """
don't stop by|Don't stop texting me|we stop at 9|can you stop by at 8?|Stop by anytime!
stop at the corner of Elm
the bus stop on Elm|stop sign is down|no dejen de mandarme mensajes|no paren
The end of Maple Street is closed
el techo es muy alto|for the kids|para los niños|we have to cancel our party
help us move tables|we start at 6
is it too late to register?|you are late|the team is late|they are running late|buenas tardes
esta tarde hay fiesta
en la tarde|mas tarde|por que estan tarde|can we move the time?|cambio de hora
moved the time to 8|have you moved?
are we done?|not done yet|we are almost done|when we're done we will text you|done registering
estamos listos|todo listo
nobody told me about this|nadie sabe|when does my street close?|when we are done
cuando lleguen les damos comida
if it rains|Hello|Hola|si llueve lo cancelamos|yes but we moved the tables
Yes?|no problem|no worries
no sé|no police please
Can you bring the fire truck?|?|...|123|🍕|Liked “Pasadena Night Out: Reply STOP to end”
👍 to “Reply STOP to end”
Le gustó "Responda ALTO para terminar"
We are having food, music and bounce houses and the kids would love to see a dog
tenemos veinte niños|there was a fire at number 12|our address is 12 Elm St|late registration|stop
"""


def cases(text: str, meaning: Meaning) -> list[tuple[str, Meaning]]:
    found = [one for line in text.strip().splitlines() for one in line.split("|")]
    return [(one, meaning) for one in found]


TABLE = [
    *cases(STOPS, Meaning.STOP),
    *cases(CANCELS, Meaning.CANCEL),
    *cases(HELPS, Meaning.HELP),
    *cases(STARTS, Meaning.START),
    *cases(MOVES, Meaning.MOVED),
    *cases(DONES, Meaning.DONE),
    *cases(NOBODIES, Meaning.NOBODY),
    *cases(WHENS, Meaning.WHEN),
    *cases(YESSES, Meaning.YES),
    *cases(NOES, Meaning.NO),
    *cases(THANKSES, Meaning.THANKS),
    *cases(OTHERS.rpartition("|")[0], Meaning.OTHER),
]


@pytest.mark.parametrize(("text", "meaning"), TABLE)
def test_a_text_is_understood_as_its_words_mean(text: str, meaning: Meaning) -> None:
    assert understand(text).meaning == meaning


@pytest.mark.parametrize(
    ("text", "minutes"),
    [tuple(one.split("=")) for line in LATES.strip().splitlines() for one in line.split("|")],
)
def test_a_delay_is_read_with_its_minutes(text: str, minutes: str) -> None:
    found = understand(text)
    assert found.meaning == Meaning.LATE
    assert found.minutes == (int(minutes) if minutes else None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("STOP", "en"),
        ("ALTO", "es"),
        ("AYUDA", "es"),
        ("help", "en"),
        ("TARDE 20", "es"),
        ("👍", ""),
    ],
)
def test_the_language_of_the_words_is_noticed(text: str, language: str) -> None:
    assert understand(text).language == language


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_at_all_is_understood_somehow(text: str) -> None:
    assert understand(text).meaning in Meaning


def test_a_very_long_text_takes_no_time_and_still_opts_out() -> None:
    assert understand("la " * 20_000 + "please stop texting me").meaning == Meaning.STOP
    assert understand("we are late " * 5_000).meaning == Meaning.OTHER
