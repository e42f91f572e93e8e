"""Whether nobody wrote a text: the answer of a robot to a mail of ours, such as that somebody is out of the office.

Platforms drop such mail by its headers. What still arrives is known by its first words. A person who writes about
automatic answers, or that they are away, is never taken for a robot: their words count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from rules.verdicts import READ, lines, verdict
from rules.words import folded

Automatic = Literal["automatic"]
AUTOMATIC: Final[Automatic] = "automatic"
"""The value of the event of a comment that nobody wrote."""

LOOKED_AT: Final = 6
"""Lines within which a robot has said who it is, below what mail programs put above a text."""

NEAR: Final = 60
"""Letters of a line within which a text begins with thanks, behind a greeting."""


def _any(*phrases: str) -> str:
    """Return the pattern of any of these phrases, which stand in a line each, separated by bars."""
    words = [folded(one.strip()) for text in phrases for one in text.split("|")]
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))


HEADING: Final = _any(
    "automatic reply|automated reply|automatic response|automated response|auto reply|auto-reply|autoreply",
    "auto response|auto-response|out of office|out of office autoreply|out of the office",
    "automatisk svar|autosvar|fraværsmelding|fraværsmelding fra|fraværsassistent",
    "trả lời tự động|thư trả lời tự động|phản hồi tự động|tin nhắn trả lời tự động",
    "自动回复|自动答复|自動回覆|自动回复邮件|外出自动回复",
    "respuesta automática|fuera de oficina|fuera de la oficina|respuesta automatica",
    "réponse automatique|absence du bureau|message d'absence|reponse automatique",
    "automatische antwort|abwesenheitsnotiz|abwesenheitsnachricht|abwesenheitsmeldung|automatische rückantwort",
    "自動応答|自動返信|不在通知|不在応答|自動応答メッセージ",
    "resposta automática|fora do escritório|ausência temporária|aviso de ausência",
    "رد تلقائي|الرد التلقائي|رد آلي|خارج المكتب",
)
"""What mail programs put before the subject of such an answer, and people at the head of one."""

DECLARED: Final = _any(
    "this is an automatic reply|this is an automatic response|this is an automated reply",
    "this is an automated response|this is an automatic message|this is an automated message|this is an auto-reply",
    "dette er et automatisk svar|dette er en automatisk melding|dette er en automatisk generert melding",
    "dette er et automatisk generert svar|dette er en automatisk generert e-post",
    "đây là thư trả lời tự động|đây là email trả lời tự động|đây là tin nhắn tự động|đây là phản hồi tự động",
    "这是一封自动回复邮件|这是自动回复|这是一封自动回复的邮件|此邮件为自动回复|此邮件为系统自动回复|本邮件为自动回复",
    "esta es una respuesta automática|este es un mensaje automático|esto es una respuesta automática",
    "ceci est une réponse automatique|ceci est un message automatique|il s'agit d'une réponse automatique",
    "dies ist eine automatische antwort|dies ist eine automatische nachricht",
    "dies ist eine automatisch generierte e-mail|dies ist eine automatisch generierte nachricht",
    "dies ist eine automatisch erstellte antwort",
    "これは自動応答です|これは自動返信です|このメールは自動返信です|このメールは自動応答です|本メールは自動返信です",
    "本メールは自動応答です|このメールは自動送信されています|本メールは自動送信されています|自動返信メールです",
    "esta é uma resposta automática|esta é uma mensagem automática|este é um e-mail automático",
    "هذا رد تلقائي|هذه رسالة تلقائية|هذا رد آلي|هذه رسالة آلية",
)
TO_YOU: Final = _any(
    "to your message|to your e-mail|to your email|på meldingen din|på e-posten din|til din henvendelse",
    "a su mensaje|a su correo|à votre message|à votre e-mail|auf ihre nachricht|auf ihre e-mail",
    "à sua mensagem|ao seu e-mail|cho thư của bạn|على رسالتك|على رسالتكم",
)

THANKS: Final = _any(
    "thank you for your e-mail|thank you for your email|thank you for your message|thank you for your mail",
    "thanks for your e-mail|thanks for your email|thanks for your message|thank you for contacting",
    "takk for din e-post|takk for e-posten|takk for din henvendelse|takk for henvendelsen|takk for din melding",
    "takk for meldingen|takk for mailen|cảm ơn bạn đã gửi email|cảm ơn bạn đã gửi thư|cảm ơn email của bạn",
    "cảm ơn thư của bạn|cảm ơn bạn đã liên hệ|cám ơn bạn đã gửi email|感谢您的来信|感谢您的邮件|感谢来信",
    "谢谢您的来信|谢谢您的邮件|邮件已收到|gracias por su mensaje|gracias por su correo|gracias por su e-mail",
    "gracias por tu mensaje|gracias por tu correo|he recibido su mensaje|merci pour votre message",
    "merci de votre message|merci pour votre e-mail|merci pour votre mail|merci pour votre courriel",
    "j'ai bien reçu votre message|vielen dank für ihre nachricht|vielen dank für ihre e-mail|vielen dank für ihre mail",
    "vielen dank für deine nachricht|vielen dank für deine e-mail|danke für ihre nachricht|danke für ihre e-mail",
    "メールをいただきありがとうございます|メールをお送りいただきありがとうございます|ご連絡ありがとうございます",
    "ご連絡いただきありがとうございます|メールありがとうございます|お問い合わせありがとうございます",
    "obrigado pela sua mensagem|obrigada pela sua mensagem|obrigado pelo seu e-mail|obrigada pelo seu e-mail",
    "obrigado por sua mensagem|agradeço sua mensagem|agradeço o seu contato|agradeço seu contato|obrigado pelo contato",
    "شكرا لرسالتك|شكرا على رسالتك|شكرا لرسالتكم|شكرا على رسالتكم|شكرا لتواصلك|شكرا لتواصلكم",
)
AWAY: Final = _any(
    "out of office|out of the office|on annual leave|on vacation|on holiday|on leave|away from the office",
    "ikke på kontoret|borte fra kontoret|på ferie|har ferie|tar ferie|fravær|ikke til stede|vắng mặt|nghỉ phép",
    "không có mặt tại văn phòng|đi công tác|đang nghỉ|休假|不在办公室|外出|出差|fuera de la oficina|fuera de oficina",
    "de vacaciones|estaré ausente|estoy ausente|absent du bureau|absente du bureau|absent jusqu|absente jusqu",
    "en congé|en vacances|suis absent|suis absente|nicht im büro|im urlaub|abwesend|ausser haus|nicht erreichbar",
    "außer haus|不在|休暇|外出|席を外して|fora do escritório|de férias|em férias|estarei ausente|ausente até|em viagem",
    "خارج المكتب|في إجازة|في اجازة|غير متواجد|غائب",
)
LATER: Final = _any(
    "in urgent|for urgent|if urgent|if it is urgent|if your request is urgent|if your message is urgent|emergenc",
    "when i return|when i am back|when i'm back|upon my return|on my return|after my return|as soon as i return",
    "limited access|no access to|not have access to|will not be forwarded|ved behov for hjelp|hastesaker|haster det",
    "om det haster|hvis det haster|er det viktig|når jeg er tilbake|ved haste|begrenset tilgang|blir ikke videresendt",
    "khẩn cấp|việc gấp|trường hợp gấp|cần gấp|khi tôi trở lại|khi quay lại|sau khi trở lại",
    "紧急|急事|如有急|回来后|返回后|回到办公室后",
    "en caso de urgencia|si es urgente|para asuntos urgentes|a mi regreso|a mi vuelta|cuando regrese",
    "acceso limitado|en cas d'urgence|pour toute urgence|si urgent|à mon retour|dès mon retour|accès limité",
    "in dringenden|bei dringenden|nach meiner rückkehr|sobald ich zurück|wenn ich wieder|wird nicht weitergeleitet",
    "werden nicht weitergeleitet|nicht gelesen|eingeschränkten zugriff|お急ぎ|緊急|戻り次第|帰社後|出社後|復帰後",
    "em caso de urgência|se for urgente|assuntos urgentes|quando retornar|quando eu voltar|ao retornar|no meu retorno",
    "acesso limitado|للحالات العاجلة|في الحالات العاجلة|للأمور العاجلة|عند عودتي|بعد عودتي|حال عودتي|فور عودتي",
)

FROM: Final = (
    "reply from|received from|from|to|cc|sent|date|von|an|gesendet|fra|til|de|para|à|enviado|envoyé|từ|发件人|差出人|من"
)
ABOVE: Final = re.compile(rf"(?:{FROM})\s*[:：]\s*\S*[@\d].*")
SUBJECT: Final = re.compile(
    r"(?:subject|emne|chủ đề|主题|主旨|asunto|objet|betreff|件名|assunto|الموضوع)\s*[:：]\s*"
    r"(?:(?:re|aw|sv|tr|rv|res|fw|fwd|wg|vs)\s*[:：]\s*)*"
)
TITLED: Final = re.compile(rf"(?:re\s*[:：]\s*)*(?:{HEADING})\s*[:：]\s*\S")
ALONE: Final = re.compile(rf"(?:{HEADING})\W*")
SAYING_SO: Final = re.compile(rf"(?:{DECLARED})(?:\s+(?:{TO_YOU}))?\s*(?:[.!。！،؛-]|$)")
THANKING: Final = re.compile(rf"(?:{THANKS})")
AWAY_NOW: Final = re.compile(rf"(?:{AWAY})")
LATER_ON: Final = re.compile(rf"(?:{LATER})")
ASKING: Final = re.compile(r"[?？؟]")


def automatic(text: str) -> Automatic | None:
    """Return AUTOMATIC where a robot wrote a text in answer to a mail, else None."""
    found = [*_below_heads(lines(text[:READ]))]
    if not found:
        return None
    is_headed = TITLED.match(found[0]) or (ALONE.fullmatch(found[0]) and len(found) > 1)
    if is_headed or any(map(SAYING_SO.match, found[:2])) or _is_away(found):
        return AUTOMATIC
    return None


def word(fact: str, text: str) -> str | None:
    """Return what is kept of a text: the verdict of a note, and of a comment whether it is automatic."""
    return verdict(text) if fact == "note" else automatic(text)


def is_headed_so(title: str) -> bool:
    """Tell whether a title is the subject of such an answer: a ticket was made of it that nobody wanted."""
    return TITLED.match(folded(title.strip())) is not None


def _below_heads(found: Iterator[str]) -> Iterator[str]:
    """Yield the lines without what mail programs put above: from whom, to whom, when; of a subject what it says."""
    head = True
    for line in found:
        subject = SUBJECT.match(line) if head else None
        head = head and (subject is not None or ABOVE.fullmatch(line) is not None)
        if subject is not None:
            yield line[subject.end() :]
        elif not head:
            yield line


def _is_away(found: Sequence[str]) -> bool:
    """Tell whether a text thanks for a mail, says that somebody is away, and what becomes of it, and asks nothing."""
    text = "\n".join(found)
    thanked = any(THANKING.search(line[:NEAR]) for line in found[:2])
    away = AWAY_NOW.search("\n".join(found[:LOOKED_AT])) is not None
    return thanked and away and LATER_ON.search(text) is not None and ASKING.search(text) is None
