"""What providers say later of messages: signed, in any order, any number of times."""

import itertools
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from flask.testing import FlaskClient

from services.notify.adapters.ses_events import receipts_of
from services.notify.adapters.sns_messages import NotSigned, SnsReader
from services.notify.adapters.twilio import Twilio
from services.notify.adapters.twilio_signature import twilio_signature
from services.notify.domain.receipts import Receipt
from services.notify.handlers.receiving import take_receipts
from services.notify.main.web import make_web
from services.notify.settings import Settings
from shared.contracts.message import MessageFailed, MessageSent
from shared.db import open_pool
from tests.notify.bench import Bench
from tests.notify.facts import HOST, TEXTED, SetClock, city_configured, party_of, registered
from tests.notify.peers import FROM, SID, account_at, twin
from tests.notify.test_outbox_page import ENVIRON

TOKEN = "token of the account"
PUBLIC = "https://messages.example.org"
TOPIC = "arn:aws:sns:us-east-1:123456789012:porchlight"


def test_the_signature_is_the_one_that_twilio_publishes() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twilio_signature("12345", url, fields.items()) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.fixture
def client(url: str, redis_url: str) -> FlaskClient:
    environ = {
        **ENVIRON,
        "NOTIFY_DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "NOTIFY_URL": PUBLIC,
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": f"older-token, {TOKEN.replace(' ', '-')}",
        "TWILIO_FROM": FROM,
        "SNS_TOPICS": TOPIC,
    }
    return make_web(Settings.read(environ)).test_client()


@pytest.fixture
def bench(url: str) -> Iterator[Bench]:
    """A notify on a Twilio that takes everything, with one text sent."""
    with twin() as told, open_pool(url, name="bench") as pool:
        bench = Bench(pool, sms=Twilio(account_at(told.url), SetClock(), at_once=1))
        bench.hear(city_configured(), registered(party_of(TEXTED)))
        bench.deliver()
        yield bench


def tell(
    client: FlaskClient, bench: Bench, state: str, code: str = "", key: str = "", ref: str = ""
) -> int:
    """A status of the bench's text, signed as Twilio does."""
    text = next(m for m in bench.messages() if m.channel == "sms")
    path = f"/webhooks/twilio/status?message={text.id}"
    form = {"MessageSid": ref or "SM" + "0" * 32, "MessageStatus": state, "To": text.to}
    form |= {"ErrorCode": code} if code else {}
    signature = twilio_signature(key or TOKEN.replace(" ", "-"), PUBLIC + path, form.items())
    headers = {"X-Twilio-Signature": signature}
    return client.post(path, data=form, headers=headers).status_code


def state(bench: Bench, channel: str = "sms") -> str:
    return next(m.state for m in bench.messages() if m.channel == channel)


def test_a_delivered_text_is_delivered(client: FlaskClient, bench: Bench) -> None:
    assert tell(client, bench, "delivered") == 204
    assert state(bench) == "delivered"


@pytest.mark.parametrize("key", ["somebody-elses", "older-token"])
def test_only_what_twilio_signed_counts(client: FlaskClient, bench: Bench, key: str) -> None:
    known = key == "older-token"
    assert tell(client, bench, "delivered", key=key) == (204 if known else 403)
    assert state(bench) == ("delivered" if known else "sent")


def test_without_a_signature_nothing_counts(client: FlaskClient, bench: Bench) -> None:
    assert client.post("/webhooks/twilio/status", data={"MessageStatus": "sent"}).status_code == 403


@pytest.mark.parametrize("order", itertools.permutations(["sent", "undelivered", "delivered"]))
def test_in_any_order_what_was_delivered_is_delivered(
    client: FlaskClient, bench: Bench, order: tuple[str, ...]
) -> None:
    for one in (*order, *order):
        tell(client, bench, one, "30008" if one == "undelivered" else "")
    assert state(bench) == "delivered"
    said = [e.data for e in bench.published() if isinstance(e.data, MessageSent)]
    assert len([s for s in said if s.channel == "sms"]) == 1


@pytest.mark.parametrize(
    ("code", "family"), [("30006", "failed_permanent"), ("30003", "failed_temporary")]
)
def test_accepted_and_then_undelivered_fails_once(
    client: FlaskClient, bench: Bench, code: str, family: str
) -> None:
    for _ in range(3):
        tell(client, bench, "undelivered", code)
    assert state(bench) == family
    failed = [e.data for e in bench.published() if isinstance(e.data, MessageFailed)]
    assert len(failed) == 1
    assert code in failed[0].reason


def test_an_opt_out_that_twilio_knows_of_is_in_the_ledger_once(
    client: FlaskClient, bench: Bench
) -> None:
    tell(client, bench, "failed", "21610")
    tell(client, bench, "failed", "21610")
    with bench.pool.connection() as conn:
        rows = conn.execute("select channel, address, purpose, source from consent_ledger")
        assert rows.fetchall() == [("sms", HOST.phone, "all", "provider")]


def test_a_failure_of_another_copy_says_nothing_of_this_one(
    client: FlaskClient, bench: Bench
) -> None:
    tell(client, bench, "undelivered", "30008", ref="SM" + "9" * 32)
    assert state(bench) == "sent"


def test_what_is_not_known_is_passed_over(bench: Bench) -> None:
    receipt = Receipt("twilio", "no such message", "SMx", "delivered")
    assert take_receipts(bench.office.open, [receipt]) == 0


def test_a_receipt_before_the_record_says_that_it_was_sent(url: str) -> None:
    with open_pool(url, name="bench") as pool:
        bench = Bench(pool)
        bench.hear(city_configured(), registered(party_of(TEXTED)))
        with bench.office.open() as shift:
            names = bench.senders.names()
            shift.desk.claim("bulk", bench.office.claimant, names, shift.now, 10)
        text = next(m for m in bench.messages() if m.channel == "sms")
        receipts = [Receipt("twilio", text.id, "SM1", one) for one in ("sent", "delivered")]
        assert take_receipts(bench.office.open, receipts) == 2
        assert [type(e.data) for e in bench.published()] == [MessageSent]


@pytest.mark.parametrize("size", [70_000, 400_000])
def test_what_is_too_large_is_not_read(client: FlaskClient, size: int) -> None:
    answer = client.post("/webhooks/twilio/status", data={"x": "y" * size})
    assert answer.status_code == 413


class Amazon:
    """Signs as SNS does, with a certificate of its own."""

    cert_url = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem"

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        now = datetime.now(UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
        made = made.public_key(self.key.public_key()).serial_number(1)
        made = made.not_valid_before(now).not_valid_after(now + timedelta(days=1))
        self.pem = made.sign(self.key, SHA256()).public_bytes(Encoding.PEM)
        self.fetched: list[str] = []

    def get(self, url: str) -> bytes:
        self.fetched.append(url)
        return self.pem

    def says(self, kind: str = "Notification", **changes: str) -> bytes:
        said = {
            "Type": kind,
            "MessageId": "m1",
            "TopicArn": TOPIC,
            "Message": "words",
            "Timestamp": "2026-08-04T19:00:00.000Z",
            "SignatureVersion": "2",
            "SigningCertURL": self.cert_url,
        }
        if kind == "SubscriptionConfirmation":
            said |= {"Token": "t", "SubscribeURL": "https://sns.us-east-1.amazonaws.com/?x=1"}
        said |= changes
        names = sorted(set(said) - {"SignatureVersion", "SigningCertURL"})
        signed = "".join(f"{n}\n{said[n]}\n" for n in names).encode()
        signature = self.key.sign(signed, padding.PKCS1v15(), SHA256())
        return orjson.dumps(said | {"Signature": b64encode(signature).decode()})


def test_what_aws_signed_for_our_topic_is_read_and_its_certificate_fetched_once() -> None:
    amazon = Amazon()
    reader = SnsReader([TOPIC], amazon.get)
    assert reader.read(amazon.says(Subject="s")).words == "words"
    assert reader.read(amazon.says(Message="more")).words == "more"
    assert amazon.fetched == [amazon.cert_url]


@pytest.mark.parametrize(
    "changes",
    [
        {"TopicArn": "arn:aws:sns:us-east-1:666:other"},
        {"SigningCertURL": "https://evil.example/x.pem"},
        {"SigningCertURL": "https://sns.us-east-1.amazonaws.com.evil.example/x.pem"},
        {"SigningCertURL": "http://sns.us-east-1.amazonaws.com/x.pem"},
        {"SigningCertURL": "https://sns.us-east-1.amazonaws.com@evil.example/x.pem"},
        {"SignatureVersion": "9"},
        {"kind": "Other"},
    ],
)
def test_what_is_not_from_aws_or_not_for_us_is_refused(changes: dict[str, str]) -> None:
    amazon = Amazon()
    with pytest.raises(NotSigned):
        SnsReader([TOPIC], amazon.get).read(amazon.says(**changes))
    assert not any("evil" in url for url in amazon.fetched)


def test_changed_words_are_noticed() -> None:
    amazon = Amazon()
    body = amazon.says().replace(b"words", b"other")
    with pytest.raises(NotSigned, match="wrong"):
        SnsReader([TOPIC], amazon.get).read(body)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"Type": 5}', b'{"Type": "Notification"}'])
def test_rubbish_is_refused(body: bytes) -> None:
    with pytest.raises(NotSigned):
        SnsReader([TOPIC]).read(body)


def test_a_topic_of_ours_is_confirmed_at_aws_only() -> None:
    amazon = Amazon()
    reader = SnsReader([TOPIC], amazon.get)
    reader.confirm(reader.read(amazon.says("SubscriptionConfirmation")))
    assert amazon.fetched[-1] == "https://sns.us-east-1.amazonaws.com/?x=1"
    evil = amazon.says("SubscriptionConfirmation", SubscribeURL="https://evil.example/")
    with pytest.raises(NotSigned):
        reader.confirm(reader.read(evil))


def test_the_webhook_of_aws_refuses_strangers(client: FlaskClient) -> None:
    answer = client.post(
        "/webhooks/sns", data=Amazon().says(TopicArn="x"), content_type="text/plain"
    )
    assert answer.status_code == 403


def event(kind: str, **more: object) -> str:
    mail = {"messageId": "ses-1", "tags": {"porchlight-message": ["m1"]}}
    return orjson.dumps({"eventType": kind, "mail": mail} | more).decode()


BOUNCE = {
    "bounceType": "Permanent",
    "bouncedRecipients": [
        {"emailAddress": "a@b.org", "diagnosticCode": "smtp; 550 <a@b.org> unknown"}
    ],
}


@pytest.mark.parametrize(
    ("words", "receipt"),
    [
        (event("Delivery"), ("delivered", "", False)),
        (event("Send"), ("sent", "", False)),
        (event("Complaint"), ("delivered", "reported as unwanted", True)),
        (
            event("Bounce", bounce=BOUNCE),
            ("failed_permanent", "the mail came back: smtp; 550 unknown", True),
        ),
        (
            event("Bounce", bounce={"bounceType": "Transient", "bounceSubType": "MailboxFull"}),
            ("failed_temporary", "the mail came back: MailboxFull", False),
        ),
    ],
)
def test_what_ses_tells_becomes_a_receipt(words: str, receipt: tuple[str, str, bool]) -> None:
    (found,) = receipts_of(words)
    assert (found.state, found.reason, found.opted_out) == receipt
    assert (found.message_id, found.ref) == ("m1", "ses-1")


@pytest.mark.parametrize("words", ["", "hello", "[]", "{}", '{"mail": 1}', event("Open")])
def test_what_is_no_event_of_ses_is_passed_over(words: str) -> None:
    assert receipts_of(words) == []
