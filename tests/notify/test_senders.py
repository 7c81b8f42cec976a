"""One behaviour suite for each port: on the outbox provider, and on SMTP with a real server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest

from services.notify.adapters.mail import Sender
from services.notify.adapters.sandbox import Sandbox
from services.notify.adapters.smtp import Smtp
from services.notify.adapters.smtp_url import MailServer, read_smtp_url
from services.notify.domain.outcomes import Accepted, Deferred, Refused, Unsure
from services.notify.domain.wording import one_line
from services.notify.ports.senders import EmailSender, Letter, SmsSender, Sought, Text
from shared.db import Pool
from tests.notify.facts import NOW, SetClock
from tests.notify.mail_server import Post, hanging_server, mail_server

SENDER = Sender("nno@example.org", "officer@example.org")
LETTER = Letter(
    "0190a000-0000-7000-8000-00000000000a",
    "ana@example.com",
    "Pasadena Night Out",
    "Your party is registered",
    "Hello Ana,\n\nsee https://example.org/p/1\n.\nA line that was a dot alone.",
    "<p>Hello Ana</p>",
)


@dataclass(frozen=True)
class Channel:
    """A sender under test and a look into what its receiver got."""

    sender: EmailSender
    arrived: Callable[[], list[EmailMessage]]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post: Post) -> Iterator[MailServer]:
    with mail_server(post) as running:
        yield running


def smtp_to(server: MailServer) -> Smtp:
    return Smtp(server, SENDER, SetClock(), timeout=5)


@pytest.fixture(params=["outbox", "smtp"])
def channel(request: pytest.FixtureRequest, tmp_path: Path) -> Channel:
    if request.param == "outbox":
        pool: Pool = request.getfixturevalue("pool")
        sandbox = Sandbox(pool, SetClock(), SENDER, tmp_path)
        return Channel(sandbox, lambda: _eml_files(tmp_path))
    got: Post = request.getfixturevalue("post")
    return Channel(smtp_to(request.getfixturevalue("server")), lambda: got.mail)


def _eml_files(folder: Path) -> list[EmailMessage]:
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(folder.glob("*.eml"))
    ]


def name_of(mail: EmailMessage) -> str:
    """The sender's name; the newer parser puts spaces between a name's encoded parts."""
    raw = dict(mail.raw_items())["From"]
    return str(make_header(decode_header(parseaddr(raw)[0])))


def test_a_letter_arrives_whole(channel: Channel) -> None:
    assert channel.sender.send_letters([LETTER]) == [Accepted()]
    (mail,) = channel.arrived()
    assert mail["From"] == "Pasadena Night Out <nno@example.org>"
    assert mail["To"] == "ana@example.com"
    assert mail["Reply-To"] == "officer@example.org"
    assert mail["Subject"] == LETTER.subject
    assert mail["Message-ID"] == f"<{LETTER.id}@example.org>"
    assert mail["Date"].datetime == NOW
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == LETTER.body
    assert html.get_content().strip() == LETTER.html


def test_a_letter_without_html_is_plain(channel: Channel) -> None:
    channel.sender.send_letters([replace(LETTER, html="")])
    assert channel.arrived()[0].get_content_type() == "text/plain"


def test_each_letter_of_a_batch_gets_its_own_answer_in_order(channel: Channel) -> None:
    batch = [
        replace(LETTER, id=f"0{i}", to=to)
        for i, to in enumerate(["a@example.com", "no address", "", "b@example.com"])
    ]
    answers = channel.sender.send_letters(batch)
    assert [type(a) for a in answers] == [Accepted, Refused, Refused, Accepted]
    assert [mail["To"] for mail in channel.arrived()] == ["a@example.com", "b@example.com"]


@pytest.mark.parametrize(
    "typed",
    ["Ana\r\nBcc: all@example.org", "Ana\nX-Evil: 1", "=?utf-8?q?a=0ABcc=3A_x?=", 'A"<b@c.d>,'],
)
def test_nothing_typed_becomes_a_header_or_another_recipient(channel: Channel, typed: str) -> None:
    letter = replace(LETTER, subject=typed, sender_name=typed, body=f"{typed}\r\n.\r\nQUIT")
    assert channel.sender.send_letters([letter]) == [Accepted()]
    (mail,) = channel.arrived()
    assert set(mail.keys()) == {
        *("From", "To", "Reply-To", "Subject", "Date", "Message-ID"),
        *("Auto-Submitted", "MIME-Version", "Content-Type"),
    }
    assert mail["Subject"] == name_of(mail) == one_line(typed)
    assert len(mail["From"].addresses) == 1
    assert mail["From"].addresses[0].addr_spec == "nno@example.org"


@pytest.mark.parametrize(
    "to",
    [
        "ana@example.com\r\nBcc: all@example.org",
        "ana@example.com, bea@example.com",
        "ana@example.com\nRCPT TO:<x@y.z>",
        "<ana@example.com",
        "ana@",
        "@example.com",
        "ana\x00@example.com",
    ],
)
def test_an_address_that_is_none_is_refused(channel: Channel, to: str) -> None:
    assert [type(a) for a in channel.sender.send_letters([replace(LETTER, to=to)])] == [Refused]
    assert channel.arrived() == []


@pytest.mark.parametrize(
    "name", ["Núñez 👩‍🚒", "שלום עולם", "王小明", "Ürün " * 20, "Plain words " * 16]
)
def test_names_of_every_script_survive(channel: Channel, name: str) -> None:
    letter = replace(LETTER, subject=name, sender_name=name, body=name, html=f"<p>{name}</p>")
    assert channel.sender.send_letters([letter]) == [Accepted()]
    (mail,) = channel.arrived()
    assert mail["Subject"] == name.strip()
    assert name_of(mail) == name.strip()
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == name.strip()


def test_a_sender_tells_what_it_has_or_that_it_cannot_be_asked(channel: Channel) -> None:
    channel.sender.send_letters([LETTER])
    sought = [Sought(i, LETTER.to, LETTER.body, NOW) for i in (LETTER.id, "other")]
    known = channel.sender.known(sought)
    assert known is None or known[LETTER.id] == Accepted()
    assert known is None or isinstance(known["other"], Deferred)


@pytest.fixture
def sms(pool: Pool, tmp_path: Path) -> SmsSender:
    return Sandbox(pool, SetClock(), SENDER, tmp_path)


def test_texts_are_taken_once_and_known_afterwards(sms: SmsSender, tmp_path: Path) -> None:
    text = Text("t1", "+16265550123", "Pasadena Night Out: ¡hola!")
    assert sms.send_texts([text, replace(text, id="t2")]) == [Accepted(), Accepted()]
    assert sms.send_texts([text]) == [Accepted()]
    known = sms.known([Sought(i, text.to, text.body, NOW) for i in ("t1", "t2", "t3")]) or {}
    assert [type(known[i]) for i in ("t1", "t2", "t3")] == [Accepted, Accepted, Deferred]
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["t1.txt", "t2.txt"]
    assert text.body in (tmp_path / "t1.txt").read_text("utf-8")


_REFUSED = "the mail server refused it: "
_WAIT = "the mail server asked to wait: "
_HUNG_UP = "the mail server hung up before it said whether it has the message"


@pytest.mark.parametrize(
    ("to", "answer"),
    [
        ("nobody@example.com", Refused(f"{_REFUSED}550 5.1.1 <n…@example.com> is unknown here")),
        ("spam@example.com", Refused(f"{_REFUSED}554 5.7.1 Refused as spam")),
        ("greylisted@example.com", Deferred(f"{_WAIT}451 4.7.1 Please try again later")),
        ("vanish@example.com", Unsure(_HUNG_UP)),
    ],
)
def test_answers_of_the_mail_server_fall_into_families(
    server: MailServer, post: Post, to: str, answer: object
) -> None:
    batch = [replace(LETTER, id="0a", to=to), replace(LETTER, id="0b")]
    assert smtp_to(server).send_letters(batch) == [answer, Accepted()]
    assert post.recipients == ["ana@example.com"]


@pytest.mark.parametrize(
    "changes",
    [{"port": 1}, {"password": "wrong"}, {"ca_file": ""}, {"security": "smtps"}, {"user": ""}],
)
def test_a_server_that_cannot_be_used_only_delays(
    server: MailServer, post: Post, changes: dict[str, Any]
) -> None:
    answers = smtp_to(replace(server, **changes)).send_letters([LETTER, LETTER])
    assert {type(a) for a in answers} <= {Deferred, Refused}
    assert ("user" in changes) or {type(a) for a in answers} == {Deferred}
    assert post.mail == []


def test_a_password_is_never_sent_in_the_clear(post: Post) -> None:
    with mail_server(post, secure=False) as plain:
        for security in ("smtp+starttls", "smtp"):
            sender = smtp_to(replace(plain, security=security))
            assert [type(a) for a in sender.send_letters([LETTER])] == [Deferred]
        assert smtp_to(replace(plain, security="smtp", user="")).send_letters([LETTER]) == [
            Accepted()
        ]


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(
    server: MailServer, post: Post
) -> None:
    answers = smtp_to(server).send_letters([replace(LETTER, to="josé@example.com")])
    assert [type(a) for a in answers] in ([Accepted], [Refused])
    assert len(post.mail) == sum(isinstance(a, Accepted) for a in answers)


def test_the_address_of_the_mail_server_is_read_from_one_url() -> None:
    found = read_smtp_url("smtp+starttls://us%40er:p%2Fw@mail.example.org?cafile=/etc/ca.pem")
    assert found == MailServer(
        "smtp+starttls", "mail.example.org", 587, "us@er", "p/w", "/etc/ca.pem"
    )
    assert "p/w" not in repr(found)
    with pytest.raises(ValueError, match="SMTP_URL must look like"):
        read_smtp_url("https://mail.example.org")


@pytest.mark.parametrize(
    ("purpose", "offers"), [("reminders", True), ("broadcasts", True), ("visits", False)]
)
def test_one_click_leaves_the_list_where_that_belongs(
    server: MailServer, post: Post, purpose: str, offers: bool
) -> None:
    sender = replace(SENDER, leave_url=lambda letter: f"https://m.example.org/leave/{letter.to}")
    Smtp(server, sender, SetClock(), timeout=5).send_letters([replace(LETTER, purpose=purpose)])
    (mail,) = post.mail
    link = "<https://m.example.org/leave/ana@example.com>" if offers else None
    assert mail["List-Unsubscribe"] == link
    assert mail["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if offers else None)
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("stops", "family"),
    [("greeting", Deferred), ("mail", Deferred), ("data", Unsure), ("end", Unsure)],
)
def test_a_mail_server_that_hangs_is_waited_for_no_longer_than_its_time(
    stops: str, family: type
) -> None:
    with hanging_server(stops) as plain:
        sender = Smtp(plain, SENDER, SetClock(), timeout=0.4)
        assert [type(a) for a in sender.send_letters([LETTER])] == [family]
