"""Mail, as a real server takes it: what is in it, how safely it gets there, and what each refusal means."""

from __future__ import annotations

import email
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32
from pathlib import Path

import pytest
import trustme

from connectors.base import Busy, OutcomeUnknown, Refused, TryLater, Unusable
from connectors.channels import opened
from connectors.channels.mail import Mail
from rules.rulebook import Channel
from tests.channels.ends import LETTER
from tests.channels.postbox import LOST, PASSWORD, SLOW, USER, Postbox, postbox

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
AUTH = {"user": USER, "password": "${MAIL_PASSWORD}"}


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


@pytest.fixture
def connect() -> Iterator[Callable[..., Mail]]:
    """Return a function that opens a channel to a server, with changes to its record."""
    made: list[Mail] = []

    def connect(box: Postbox, password: str = PASSWORD, **changes: object) -> Mail:
        record = Channel("mail", "email", **{"url": box.url, "sender": "desk@harbour.example"} | changes)
        channel = opened(record, {"MAIL_PASSWORD": password}, lambda: NOW)
        assert isinstance(channel, Mail)
        channel.patience = 1.0
        made.append(channel)
        return channel

    yield connect
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def sent(box: Postbox, channel: Mail, **changes: object) -> EmailMessage:
    channel.send(LETTER._replace(**changes))
    return box.mails[-1]


def raw(box: Postbox, header: str) -> str:
    """Return a header as a mail program of any age reads it."""
    return str(make_header(decode_header(email.message_from_bytes(box.taken[-1].content, policy=compat32)[header])))


def test_both_parts_hold_the_text(box, connect):
    mail = sent(box, connect(box))
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text.get_content().replace("\r\n", "\n").rstrip("\n") == LETTER.bodies["text"]
    assert text["Content-Type"].params["format"] == "flowed"
    assert html.get_content().replace("\r\n", "\n") == LETTER.bodies["html"]
    assert mail["Content-Language"] == "nb"
    assert mail["Date"].datetime == NOW


@pytest.mark.parametrize("text", ["一" * 3000, "بسم " * 300, "x" * 3000, "👩‍🚀" * 200, "From here\n.\n..\n> no quote"])
def test_any_text_arrives_as_it_is_and_no_line_is_too_long(box, connect, text):
    mail = sent(box, connect(box), bodies={"text": text, "html": f"<p>{text}</p>"})
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n") == text
    assert max(map(len, box.taken[0].content.split(b"\r\n"))) <= 998
    assert box.taken[0].content.isascii()


def test_letters_of_one_ticket_hang_together_and_others_do_not(box, connect):
    channel = connect(box)
    first, second = sent(box, channel), sent(box, channel, mark="81aa", to="ida@harbour.example")
    other = sent(box, channel, mark="81ab", thread="jira-apac/IT-1")
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert other["References"] != first["References"]
    assert first["Message-ID"].endswith("@harbour.example>")
    assert "INC" not in first["Message-ID"] + first["References"]


def test_robots_are_asked_not_to_answer_and_people_may(box, connect):
    mail = sent(box, connect(box, sender="Harbour Desk <desk@harbour.example>", reply_to="help@harbour.example"))
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert "List-Unsubscribe" not in mail
    assert (mail["From"], mail["Reply-To"]) == ("Harbour Desk <desk@harbour.example>", "help@harbour.example")
    assert box.taken[0].mail_from == "desk@harbour.example"


@pytest.mark.parametrize(
    "name",
    [
        "Kari Nordmann",
        "Nguyễn Văn Khánh",
        "O'Neil, Pat",
        'x" <evil@harbour.example>, "y',
        "evil@harbour.example," + " a" * 20 + ', "b" <c@harbour.example>',
        "عبد الرحمن",
        "山田 太郎",
        "<b>Kari</b>",
        "=?utf-8?q?evil=40harbour.example=2C?=",
    ],
)
def test_a_name_is_a_name_whatever_it_holds(box, connect, name):
    mail = sent(box, connect(box), name=name)
    assert [one.addr_spec for one in mail["To"].addresses] == ["kari@harbour.example"]
    assert raw(box, "To").replace("\r\n", "") == f"{name} <kari@harbour.example>"
    assert box.taken[0].rcpt_tos == ["kari@harbour.example"]


@pytest.mark.parametrize("sign", ["\u202e", "\u202a", "\u2066", "\u2067", "\u2069"])
def test_no_name_turns_the_address_that_follows_it(box, connect, sign):
    sent(box, connect(box), name=f"Kari{sign} Nordmann")
    assert raw(box, "To").replace("\r\n", "") == "Kari Nordmann <kari@harbour.example>"


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b"])
def test_no_line_break_gets_into_a_header(box, connect, line_end):
    text = f"one{line_end}Bcc: evil@harbour.example{line_end}{line_end}two"
    mail = sent(box, connect(box), subject=text, name=text, thread=text, mark=text, language=text)
    assert raw(box, "Subject") == "one Bcc: evil@harbour.example two"
    assert "Bcc" not in mail
    assert len(mail["To"].addresses) == 1


@pytest.mark.parametrize(
    "to",
    [
        *("", "kari", "kari@", "@harbour.example", "a@b@c", "kari@harbour.example\r\nRCPT TO:<evil@harbour.example>"),
        *("kari@harbour.example, ida@harbour.example", "<kari@harbour.example> SIZE=1", "kari@harbour example"),
        *(
            "\u202ekari@harbour.example",
            "ka\u200bri@harbour.example",
            "kari@har\u2067bour.example",
            "ka\x85ri@harbour.example",
        ),
        *(
            "kari@harbour.example\u2028",
            "\ufeffkari@harbour.example",
            "<b>kari</b>@harbour.example",
            "kari;ida@harbour.example",
        ),
        *(f"{'x' * 65}@harbour.example", f"kari@{'x' * 64}.example", f"kari@{'x.' * 125}example", "kari@a..b"),
    ],
)
def test_what_is_not_one_address_is_refused_before_anybody_is_asked(box, connect, to):
    with pytest.raises(Refused, match="not the e-mail address of one person"):
        connect(box).send(LETTER._replace(to=to))
    assert box.asked == []


def test_a_domain_may_be_written_in_any_letters(box, connect):
    sent(box, connect(box), to="kari@hårbour.example")
    assert box.taken[0].rcpt_tos == ["kari@xn--hrbour-exa.example"] or "xn--" in box.taken[0].rcpt_tos[0]
    assert "SMTPUTF8" not in box.taken[0].mail_options


def test_a_name_before_the_at_may_be_written_in_any_letters_where_the_server_can(box, connect):
    mail = sent(box, connect(box), to="kåri@harbour.example")
    assert "SMTPUTF8" in box.taken[0].mail_options
    assert box.taken[0].rcpt_tos == ["kåri@harbour.example"]
    assert "kåri@harbour.example" in mail["To"]


def test_a_server_of_latin_letters_only_gets_no_others():
    with postbox(utf8=False) as box:
        channel = opened(Channel("mail", "email", box.url, sender="desk@harbour.example"), {})
        with pytest.raises(Refused, match="Latin letters only"):
            channel.send(LETTER._replace(to="kåri@harbour.example"))
        channel.send(LETTER)
        channel.close()
        assert len(box.taken) == 1


def test_starttls_comes_before_the_password(tls, ca_file, connect):
    with postbox(tls, signed_in=True) as box:
        connect(box, auth=AUTH, ca_file=ca_file).send(LETTER)
        assert box.tls == [True]


def test_tls_at_once(tls, ca_file, connect):
    with postbox(tls, at_once=True, signed_in=True) as box:
        connect(box, auth=AUTH, ca_file=ca_file).send(LETTER)
        assert len(box.taken) == 1  # over TLS, since it speaks nothing else


@pytest.mark.parametrize("at_once", [True, False])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tls, connect, at_once):
    with postbox(tls, at_once=at_once) as box, pytest.raises(Unusable, match="certificate is not trusted"):
        connect(box).send(LETTER)
    assert box.asked == []


def test_a_server_elsewhere_must_offer_starttls(box, connect, monkeypatch):
    monkeypatch.setattr("connectors.channels.mail.LOOPBACK", ())
    channel = connect(box)
    for _ in range(2):  # and the connection that was not safe is not used the next time either
        with pytest.raises(Unusable, match="offers no STARTTLS"):
            channel.send(LETTER)
    connect(box, tls=False).send(LETTER)
    assert len(box.taken) == 1


def test_a_wrong_password_is_for_a_person_to_mend_and_does_not_show(tls, ca_file, connect):
    with postbox(tls, signed_in=True) as box:
        channel = connect(box, "correct-horse-battery-wrong", auth=AUTH, ca_file=ca_file)
        with pytest.raises(Unusable, match=r"535.*correct the credentials in auth") as caught:
            channel.send(LETTER)
        assert "wrong" not in str(caught.value)
        with pytest.raises(Unusable):
            channel.send(LETTER)
        with pytest.raises(Unusable, match="530"):
            connect(box, ca_file=ca_file).send(LETTER)
        assert box.taken == []


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("password", [PASSWORD, "correct-horse-battery-ærlig"])
def test_a_password_may_be_in_any_letters(tls, ca_file, connect, mechanism, password):
    others = {"PLAIN", "LOGIN"} - {mechanism}
    with postbox(tls, signed_in=True, password=password, without=others) as box:
        connect(box, password, auth=AUTH, ca_file=ca_file).send(LETTER)
        assert len(box.taken) == 1


def test_a_server_that_lets_nobody_sign_in_is_for_a_person_to_mend(box, connect):
    with pytest.raises(Unusable, match="correct auth"):
        connect(box, auth=AUTH).send(LETTER)


@pytest.mark.parametrize(
    ("stage", "answer", "means"),
    [
        ("MAIL", "550 5.7.1 not from you", Unusable),
        ("MAIL", "451 4.3.0 full", TryLater),
        ("MAIL", "552 5.3.4 too large", Refused),
        ("MAIL", LOST, TryLater),
        ("MAIL", SLOW, TryLater),
        ("MAIL", "nonsense", TryLater),
        ("RCPT", "550 5.1.1 unknown", Refused),
        ("RCPT", "450 4.2.0 greylisted", TryLater),
        ("RCPT", "421 4.3.2 going down", Busy),
        ("RCPT", LOST, TryLater),
        ("TAKEN", "554 5.7.1 spam", Refused),
        ("TAKEN", "452 4.3.1 full", TryLater),
        ("TAKEN", LOST, OutcomeUnknown),
        ("TAKEN", SLOW, OutcomeUnknown),
        ("TAKEN", "nonsense", OutcomeUnknown),
        ("TAKEN", "299 what", OutcomeUnknown),
    ],
)
def test_each_stage_has_its_meaning_and_the_next_letter_goes(box, connect, stage, answer, means):
    channel = connect(box)
    box.wrong = {stage: answer}
    with pytest.raises(means) as caught:
        channel.send(LETTER)
    assert type(caught.value) is means
    box.wrong = {}
    taken = len(box.taken)
    channel.send(LETTER)
    assert len(box.taken) == taken + 1


def test_nobody_there_is_no_fault_of_the_letter(connect):
    with postbox() as box:
        channel = connect(box)
    with pytest.raises(Busy):
        channel.send(LETTER)


def test_what_a_server_says_of_a_person_is_not_repeated(box, connect):
    box.wrong = {"RCPT": "550 5.1.1 <kari@harbour.example>: user unknown"}
    with pytest.raises(Refused) as caught:
        connect(box).send(LETTER)
    assert str(caught.value) == "mail: 127.0.0.1 does not take the recipient (550 5.1.1 <…>: user unknown)"


def test_one_connection_serves_many_letters(box, connect):
    channel = connect(box)
    for number in range(5):
        channel.send(LETTER._replace(mark=f"{number}"))
    assert len(box.taken) == 5
    assert len({one.peer for one in box.sessions}) == 1


def test_a_server_that_hung_up_meanwhile_is_called_once_more(box, connect):
    channel = connect(box)
    for number in range(3):
        channel.send(LETTER._replace(mark=f"{number}"))
        box.hang_up()
    assert len(box.taken) == 3


@pytest.mark.parametrize(
    "changes",
    [
        *(
            {"url": url}
            for url in ("mail.example", "https://mail.example", "smtp://me:hunter22@mail.example", "smtp://")
        ),
        *({"sender": "nobody"}, {"reply_to": "a@b, c@d"}, {"ca_file": "/nowhere.pem"}),
    ],
)
def test_what_could_never_work_is_said_at_once(box, connect, changes):
    with pytest.raises(Unusable, match="mail: "):
        connect(box, **changes)


def test_checking_names_what_a_person_has_to_mend(box, connect):
    box.wrong = {"MAIL": "550 5.7.1 not from you"}
    (finding,) = connect(box).check()
    assert finding.weight == "problem"
    assert finding.text == "mail: 127.0.0.1 does not take the sender (550 5.7.1 not from you)"
