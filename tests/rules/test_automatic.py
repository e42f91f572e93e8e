"""The answer of a robot to our mail is told from a person's words by how it begins, in ten languages, and both ways."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.automatic import automatic, is_headed_so

ROBOTS = {
    "en": (
        "Automatic reply: INC0010001 we need to know more\n\nI am back on Monday.",
        "Out of Office\n\nI am away until 3 January. Please contact Ola.",
        "Hello,\n\nThank you for your email. I am out of the office until 3 January with limited access to email.\n"
        "In urgent cases please contact ola@harbour.example.",
        "This is an automated response.\nYour request was received.",
        "reply from: kari@harbour.example\n\nSubject: Auto-Reply: Re: INC0010001\n\nSee you next week",
    ),
    "nb": (
        "Automatisk svar: INC0010001 vi trenger å vite mer\n\nTilbake mandag.",
        "Fraværsmelding\n\nJeg er på ferie til 4. august.",
        "Hei,\n\nTakk for din e-post. Jeg er ikke på kontoret før 4. august.\nVed hastesaker, ring sentralbordet.",
        "Dette er et automatisk svar.\n\nJeg leser ikke e-post i ferien.",
    ),
    "vi": (
        "Trả lời tự động: INC0010001 cần thêm thông tin\n\nTôi sẽ trở lại vào thứ Hai.",
        "Xin chào,\n\nCảm ơn bạn đã gửi email. Hiện tôi đang nghỉ phép đến hết ngày 3/1.\n"
        "Trong trường hợp khẩn cấp, vui lòng liên hệ anh Minh.",
        "Đây là thư trả lời tự động.\nTôi đi công tác đến thứ Sáu.",
    ),
    "zh-Hans": (
        "自动回复: INC0010001 需要更多信息\n\n我周一回来。",
        "自动回复：您好",
        "您好！感谢您的来信。我正在休假，1月3日返回办公室。\n如有紧急事宜，请联系王伟。",
        "这是一封自动回复邮件。\n我在休假。",
    ),
    "es": (
        "Respuesta automática: INC0010001 necesitamos más datos\n\nVuelvo el lunes.",
        "Hola:\n\nGracias por su mensaje. Estaré fuera de la oficina hasta el 3 de enero.\n"
        "En caso de urgencia, diríjase a soporte@puerto.example.",
        "Esta es una respuesta automática a su mensaje.\n\nEstoy de vacaciones.",
    ),
    "fr": (
        "Réponse automatique : INC0010001 il nous faut plus de détails\n\nDe retour lundi.",
        "Bonjour,\n\nMerci pour votre message. Je suis absente du bureau jusqu’au 3 janvier.\n"
        "En cas d’urgence, contactez Paul Martin.",
        "Ceci est un message automatique.\n\nJe suis en congé.",
    ),
    "de": (
        "Automatische Antwort: INC0010001 wir brauchen mehr Angaben\n\nIch bin ab Montag wieder da.",
        "Abwesenheitsnotiz: AW: INC0010001",
        "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin bis zum 3. Januar nicht im Büro.\n"
        "Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich bitte an Herrn Weiß.",
        "Dies ist eine automatisch generierte E-Mail.\nIch bin außer Haus.",
    ),
    "ja": (
        "自動応答: INC0010001 詳細をお知らせください\n\n月曜日に戻ります。",
        "自動返信：お問い合わせの件",
        "メールをいただきありがとうございます。\n1月3日まで休暇をいただいております。\nお急ぎの場合は、田中までご連絡ください。",
        "このメールは自動返信です。\n現在不在にしております。",
    ),
    "pt-BR": (
        "Resposta automática: INC0010001 precisamos saber mais\n\nVolto na segunda.",
        "Olá,\n\nObrigada pela sua mensagem. Estou de férias até 3 de janeiro.\n"
        "Em caso de urgência, fale com o suporte.",
        "Esta é uma mensagem automática.\nEstarei fora até segunda.",
    ),
    "ar": (
        "رد تلقائي: INC0010001 نحتاج إلى معلومات أكثر\n\nأعود يوم الاثنين.",
        "مرحبا،\n\nشكرًا لرسالتك. أنا في إجازة حتى 3 يناير.\nفي الحالات العاجلة يرجى التواصل مع أحمد.",
        "هذا رد تلقائي.\nأنا خارج المكتب.",
    ),
}
PEOPLE = {
    "en": (
        "I am out of the office until Monday. It still fails, please call me then.",
        "The automatic reply does not work since this morning",
        "It fails when I switch on Out of Office: the window closes",
        "Automatic replies",
        "Thank you for your message. It works now.",
        "Thank you for your email. I am on vacation, can we talk when I return?",
        "This is an automatic message that I keep getting from the booking system",
        "The customer got this:\nAutomatic reply: we are closed",
        "> Automatic reply: INC1\nThat was the robot, the answer is yes",
        "No. The automatic reply: it never goes out",
        "Out of office",
        "reply from: kari@harbour.example\n\nFirefox, and I am on leave from Friday",
        "In urgent cases the till does not open, and I am on leave tomorrow",
        "",
    ),
    "nb": (
        "Jeg er på ferie fra fredag, men feilen er der fortsatt",
        "Automatisk svar virker ikke i Outlook",
        "Takk for meldingen. Nå virker det!",
        "Takk for din henvendelse. Jeg er ikke på kontoret i dag, ring meg i morgen",
    ),
    "vi": (
        "Trả lời tự động không hoạt động",
        "Tôi đang nghỉ phép, máy in vẫn hỏng",
        "Cảm ơn email của bạn, đã được rồi",
    ),
    "zh-Hans": (
        "自动回复功能坏了",
        "我在休假，打印机还是坏的",
        "感谢您的来信，已经好了",
        "设置自动回复：点击后没有反应",
    ),
    "es": (
        "La respuesta automática no funciona",
        "Estoy de vacaciones desde el viernes y sigue fallando",
        "Gracias por su mensaje, ya funciona",
    ),
    "fr": (
        "La réponse automatique ne part plus",
        "Je suis en congé vendredi, le problème persiste",
        "Merci pour votre message, tout marche",
    ),
    "de": (
        "Die automatische Antwort geht nicht mehr raus",
        "Ich bin ab Freitag im Urlaub, der Fehler ist noch da",
        "Vielen Dank für Ihre Nachricht. Es geht jetzt.",
        "Abwesenheitsnotiz lässt sich nicht einschalten",
    ),
    "ja": (
        "自動応答が動きません",
        "金曜日から休暇ですが、まだ直っていません",
        "ご連絡ありがとうございます。直りました。",
    ),
    "pt-BR": (
        "A resposta automática não funciona",
        "Estou de férias na sexta e o erro continua",
        "Obrigado pela sua mensagem, já funciona",
    ),
    "ar": ("الرد التلقائي لا يعمل", "أنا في إجازة يوم الجمعة والطابعة لا تعمل", "شكرا لرسالتك، يعمل الآن"),
}
AROUND = ("{}", "\n\n  {}", "*{}*", "<p>{}</p>", "\u200f{}", "[code]<div>{}</div>[/code]")


def each(texts: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(language, text) for language, some in texts.items() for text in some]


@pytest.mark.parametrize(("language", "text"), each(ROBOTS))
def test_a_robots_answer_is_known_in_every_language(language, text):
    assert automatic(text) == "automatic"


@pytest.mark.parametrize(("language", "text"), each(PEOPLE))
def test_a_persons_words_about_answers_and_absence_count(language, text):
    assert automatic(text) is None


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("language", ROBOTS)
def test_markup_around_it_does_not_count(language, around):
    text = ROBOTS[language][0].partition("\n")[0]
    assert automatic(around.format(text)) == "automatic"


@given(st.sampled_from(each(ROBOTS)), st.sampled_from(["NFC", "NFD"]), st.sampled_from([str, str.upper]))
def test_neither_case_nor_the_way_in_which_letters_are_composed_counts(one, form, cased):
    assert automatic(cased(unicodedata.normalize(form, one[1]))) == "automatic"


@given(st.text(max_size=200))
def test_any_text_is_judged(text):
    assert automatic(text) in (None, "automatic")


@pytest.mark.parametrize("language", ROBOTS)
def test_a_title_that_is_the_subject_of_such_an_answer_is_known(language):
    assert is_headed_so(ROBOTS[language][0].partition("\n")[0])
    assert not any(is_headed_so(text) for text in PEOPLE[language])
