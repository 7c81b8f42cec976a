"""Whatever comes, in whatever order and however often: no host hears the same news twice."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notify.adapters.contexts import FULL_CITY, SAMPLE_MORE, SAMPLE_SPAN, sample_party
from services.notify.adapters.reading import Shown
from services.notify.adapters.segments import segments_of
from services.notify.adapters.voices import keep_voice
from services.notify.domain.catalogue import TEMPLATES
from services.notify.domain.messages import Claimant
from services.notify.domain.restraint import ESSENTIAL
from services.notify.domain.voice import Voice
from services.notify.domain.wording import one_line
from shared.contracts.envelope import Envelope
from shared.contracts.night import NightClosed, NightHeld, NightResumed
from shared.contracts.party import Party
from shared.contracts.values import Host
from shared.contracts.visit import VisitEnRoute, VisitScheduled, VisitSkipped
from shared.ids import new_id
from tests.notify.bench import WORDS, Bench
from tests.notify.facts import (
    HOST,
    SEVEN,
    amended,
    city_configured,
    one_by_text_one_by_mail,
    party_of,
    registered,
    said,
    scheduled,
    unscheduled,
    withdrawn,
)

CONTACTS = (HOST, replace(HOST, phone=""), replace(HOST, phone="", email=""))
START = SEVEN - timedelta(hours=2)
STEPS = st.one_of(
    st.tuples(st.just("visit"), st.sampled_from([0, 5, 10, 14, 40, 90])),
    st.tuples(st.just("visit"), st.sampled_from([10, 12])),
    st.tuples(st.just("engine"), st.sampled_from([10, 40])),
    st.tuples(st.just("nobody"), st.just(0)),
    st.tuples(st.just("on_the_way"), st.sampled_from([3, 10])),
    st.tuples(st.just("skipped"), st.just(0)),
    st.tuples(st.sampled_from(["held", "resumed", "called_off"]), st.just(0)),
    st.tuples(st.just("contact"), st.sampled_from([0, 1, 2])),
    st.tuples(st.just("withdraw"), st.just(0)),
)
Step = tuple[str, int]


@dataclass
class Teller:
    """Says what the services would say, each with its subject's next revision."""

    city: str
    party_id: str
    counts: Counter[str] = field(default_factory=Counter)

    def facts(self, steps: list[Step]) -> list[Envelope]:
        self.counts.update(party=1)
        first = [city_configured(self.city), registered(self._party(), 1, self.city)]
        return [*first, *(self._fact(kind, value) for kind, value in steps)]

    def _fact(self, kind: str, value: int) -> Envelope:
        if kind in ("visit", "engine"):
            return self._visit(value, "fire_engine" if kind == "engine" else "police")
        if kind == "nobody":
            return unscheduled(self._next("visit"), self.party_id, self.city)
        if kind == "contact":
            party = self._party(CONTACTS[value])
            return amended(party, self._next("party"), self.city)
        if kind == "withdraw":
            return withdrawn(self._party(), self._next("party"), self.city)
        return self._live(kind, value)

    def _live(self, kind: str, value: int) -> Envelope:
        subject = f"{self.party_id}/t1"
        if kind == "on_the_way":
            expected = START + timedelta(minutes=value)
            way = VisitEnRoute(self.party_id, "t1", "Team 1", value, expected, START)
            return said(way, subject, self._next("live"), self.city)
        if kind == "skipped":
            skipped = VisitSkipped(self.party_id, "t1", "Team 1", "", START)
            return said(skipped, subject, self._next("live"), self.city)
        night: NightHeld | NightResumed | NightClosed = NightHeld((), "A storm.", START)
        if kind == "resumed":
            night = NightResumed((), START)
        if kind == "called_off":
            night = NightClosed(called_off=True, reason="A storm.", at=START)
        return said(night, self.city, self._next("night"), self.city)

    def _visit(self, minutes: int, kind: str) -> Envelope:
        revision = self._next("visit")
        plain = scheduled(minutes, revision, self.party_id, self.city)
        assert isinstance(plain.data, VisitScheduled)
        return said(replace(plain.data, kinds=(kind,)), self.party_id, revision, self.city)

    def _party(self, host: Host = HOST) -> Party:
        return party_of(host, self.party_id)

    def _next(self, what: str) -> int:
        self.counts[what] += 1
        return self.counts[what]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), steps=st.lists(STEPS, min_size=2, max_size=9))
def test_no_sequence_of_facts_tells_the_same_twice_or_exceeds_the_budget(
    bench: Bench, data: st.DataObject, steps: list[Step]
) -> None:
    city, party_id = new_id(), new_id()
    bench.clock.move(seconds=(START - bench.clock.now()).total_seconds())
    budget = data.draw(st.sampled_from([2, 8]))
    with bench.pool.connection() as conn:
        keep_voice(conn, city, Voice(budget=budget, confirm_days=()), "Kim", bench.clock.now())
    facts = Teller(city, party_id).facts(steps)
    again = facts[:: data.draw(st.integers(1, 3))]
    heard = data.draw(st.one_of(st.just(facts + again), st.permutations(facts + again)))
    hurry = data.draw(st.sampled_from(["all", "some", "no"]))
    for fact in heard:
        bench.hear(fact)
        if hurry == "all" or (hurry == "some" and data.draw(st.booleans())):
            bench.settle()
            if hurry == "all" or data.draw(st.booleans()):
                bench.deliver()
    bench.settle()
    bench.deliver()
    _judge(bench, city, budget)


@dataclass
class Believer:
    """A host who believes what is said, and notices what is no news."""

    visit: tuple[datetime, str] | None = None
    told: bool = False
    night: str = ""
    word: str = ""

    def hear(self, message: Shown) -> None:
        match message.template:
            case "window" | "window_changed" | "somebody_else":
                self._hear_visit(message)
            case "not_coming" | "skipped":
                assert self.visit or self.word == "on_the_way", message.template
                self.visit = None
            case "held" | "called_off":
                assert self.night != message.template
                self.night = message.template
            case "resumed":
                assert self.night == "held"
                self.night = "resumed"
            case "on_the_way":
                assert self.word != "on_the_way"
                self.night = ""
        self.word = message.template

    def _hear_visit(self, message: Shown) -> None:
        now = (message.expires_at, "engine" if "fire engine" in message.body else "police")
        assert message.template == "window" or self.told
        if self.visit:
            moved = abs(now[0] - self.visit[0]) >= timedelta(minutes=10)
            assert moved or now[1] != self.visit[1]
        self.visit, self.told = now, True


def _judge(bench: Bench, city: str, budget: int) -> None:
    told = [m for m in bench.messages() if m.city == city and m.state == "sent"]
    assert Counter(m.template for m in told)["received"] <= 1
    believer = Believer()
    for place, message in enumerate(told):
        believer.hear(message)
        assert place < budget or message.template in ESSENTIAL
    assert len({e.subject for e in bench.published()}) == len(bench.published())
    with bench.pool.connection() as conn:
        conn.execute(
            "truncate outbox, sandbox, messages, parties, visits, cities, silences, voices, done,"
            " due, slots, called_off"
        )


NAMES = st.text(min_size=0, max_size=40) | st.sampled_from(
    [
        *("Núñez", "Nguyễn Thị", "张伟", "محمد", "שלום", "Ελένη", "Ольга", "👩‍🚒🏳️‍🌈", "ก็", "ﬁ"),
        *("<script>alert(1)</script>", "a\r\nBcc: x@y.z", "{{ 7 * 7 }}", "{% raw %}", "\u202eevil"),
        *(
            "'; drop table messages; --",
            "%s %(now)s {}",
            "\x00\x1b[31m",
            "=cmd|' /C calc'!A0",
            "&amp;",
        ),
    ]
)


@settings(max_examples=80, deadline=None)
@given(
    name=NAMES,
    host=NAMES,
    team=NAMES,
    template=st.sampled_from(TEMPLATES),
    language=st.sampled_from(["en", "es", "vi"]),
)
def test_whatever_is_typed_stays_words(
    name: str, host: str, team: str, template: str, language: str
) -> None:
    typed = [one_line(text) for text in (name, host, team)]
    party = replace(sample_party(language), name=typed[0], address=typed[0], host_name=typed[1])
    more = replace(SAMPLE_MORE, team=typed[2])
    text = WORDS.compose(template, "sms", FULL_CITY, party, SAMPLE_SPAN, 8, more)
    assert "\n" not in text.body.strip()
    assert text.segments == segments_of(text.body).segments
    mail = WORDS.compose(template, "email", FULL_CITY, party, SAMPLE_SPAN, 8, more)
    assert len(mail.subject.splitlines()) == 1
    plain = WORDS.compose(template, "email", FULL_CITY, sample_party(language), SAMPLE_SPAN, 8)
    assert mail.html.count("<p") >= plain.html.count("<p") - 1
    assert "<script" not in mail.html
    for line in (text.body, mail.subject, mail.body):
        assert "\0" not in line
        assert "\u202e" not in line


def test_many_lives_of_the_worker_claim_each_message_once(bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    lives = [replace(bench.office, claimant=Claimant(f"w{i}", "x")) for i in range(3)]
    for office in lives:
        with office.open() as shift:
            names = office.senders.names()
            shift.desk.claim("bulk", office.claimant, names, shift.now, 1)
    assert [m.attempts for m in bench.messages()] == [1, 1]
