"""People and troubles that nobody has, one of each language: for looking at messages before anybody gets them."""

from __future__ import annotations

from typing import Final, NamedTuple

from rules.language import chain


class Example(NamedTuple):
    """Who reads, where they live, what they wrote, and what was behind it."""

    name: str
    zone: str
    title: str
    cause: str
    prevention: str


EXAMPLES: Final = {
    "en": Example(
        "Ann Lee",
        "Europe/London",
        "Card payments fail",
        "A certificate had run out.",
        "A reminder comes a month before the next one does.",
    ),
    "nb": Example(
        "Ingrid Dahl",
        "Europe/Oslo",
        "Får ikke betalt med kort",
        "Et sertifikat var gått ut.",
        "En måned før det neste går ut, kommer det en påminnelse.",
    ),
    "vi": Example(
        "Nguyễn Văn Khánh",
        "Asia/Ho_Chi_Minh",
        "Không thanh toán được bằng thẻ",
        "Một chứng chỉ đã hết hạn.",
        "Sẽ có lời nhắc một tháng trước khi chứng chỉ tiếp theo hết hạn.",
    ),
    "zh-Hans": Example(
        "王芳",
        "Asia/Shanghai",
        "无法刷卡付款",
        "一个证书已过期。",
        "下一个证书到期前一个月会收到提醒。",
    ),
    "es": Example(
        "María López",
        "Europe/Madrid",
        "No puedo pagar con tarjeta",
        "Un certificado había caducado.",
        "Un mes antes de que caduque el siguiente llegará un aviso.",
    ),
    "fr": Example(
        "Camille Moreau",
        "Europe/Paris",
        "Paiement par carte impossible",
        "Un certificat avait expiré.",
        "Un rappel arrivera un mois avant l’expiration du prochain.",
    ),
    "de": Example(
        "Jana Vogt",
        "Europe/Berlin",
        "Kartenzahlung geht nicht",
        "Ein Zertifikat war abgelaufen.",
        "Einen Monat bevor das nächste abläuft, kommt eine Erinnerung.",
    ),
    "ja": Example(
        "田中 太郎",
        "Asia/Tokyo",
        "カードで支払えない",
        "証明書の有効期限が切れていました。",
        "次の証明書が切れる1か月前に通知が届きます。",
    ),
    "pt-BR": Example(
        "João Pereira",
        "America/Sao_Paulo",
        "Não consigo pagar com cartão",
        "Um certificado tinha vencido.",
        "Um mês antes de o próximo vencer, chegará um lembrete.",
    ),
    "ar": Example(
        "ليلى حداد",
        "Asia/Dubai",
        "تعذّر الدفع بالبطاقة",
        "انتهت صلاحية إحدى الشهادات.",
        "سيصل تذكير قبل شهر من انتهاء صلاحية الشهادة التالية.",
    ),
}


def example(language: str) -> Example:
    """Return the example of a language, or of the nearest that has one."""
    return EXAMPLES[next(code for code in chain(language, "en") if code in EXAMPLES)]
