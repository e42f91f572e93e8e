"""Template code where no code belongs: in the values of tickets; and messages that would take all time or memory."""

# ruff: noqa: E501
# fmt: off

from __future__ import annotations

VALUES = [
    # code of this language, whole, half and hidden
    *("{{", "}}", "{%", "%}", "{#", "#}", "{{}}", "{%%}", "{##}", "{{ 7*7 }}", "{{7*7}}", "{{- 7*7 -}}", "{{+ 1 }}", "{{ '7'*7 }}"),
    *("{{ ticket }}", "{{ ticket.key }}", "{{ desk.name }}", "{{ reader }}", "{{ self }}", "{{ loop }}", "{{ config }}", "{{ request }}"),
    *("{{ ''.__class__.__mro__ }}", "{{ ().__class__.__base__.__subclasses__() }}", "{{ lipsum.__globals__ }}", "{{ cycler.__init__ }}"),
    *("{{ joiner }}", "{{ namespace() }}", "{{ x|attr('y') }}", "{{ x['__class__'] }}", "{{ x.__getattribute__('a') }}", "{{ g.pop }}"),
    *("{% set a = 1 %}", "{% if 1 %}a{% endif %}", "{% for a in range(9) %}a{% endfor %}", "{% raw %}", "{% endraw %}", "{% block body %}"),
    *("{% endblock %}", "{% endblock %}{% block body %}gone{% endblock %}", "{% include 'a' %}", "{% extends 'a' %}", "{% import 'a' as b %}"),
    *("{% macro a() %}", "{% call a() %}", "{% filter upper %}", "{% do 1 %}", "{% autoescape false %}", "{% debug %}", "{% print 1 %}"),
    *("{# hidden #}", "{# a", "# for a in b", "## a", "{{ '{{' }}", "{{ '{%' }}", "{\u200b{ 7*7 }}", "｛｛ 7*7 ｝｝", "{{\x00 7*7 }}", "{ { 7*7 } }"),
    # code of other languages
    *("${7*7}", "#{7*7}", "<%= 7*7 %>", "@(7*7)", "{7*7}", "[[7*7]]", "$7*7$", "*{7*7}", "~{7*7}", "{{=7*7}}", "{{{7*7}}}", "{@a}", "{php}"),
    *("%s%s%s%n", "%(a)s", "{0.__class__}", "{a!r:>9999}", "$(id)", "`id`", "$a", "!{7*7}", "<#assign a=1>", "#set($a=1)", "{$a}", "\\u007b{"),
    # markup of the platforms
    *("[code]<b>a</b>[/code]", "[ code ]", "[CODE]<script>1</script>[/CODE]", "{noformat}", "{code}", "{quote}", "{html}", "{panel}a{panel}"),
    *("h1. a", "bq. a", "!https://elsewhere.example/a.png!", "[~admin]", "[a|https://elsewhere.example]", "[^a.txt]", "||a||", "|a|", "----"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:1'>a</a>", "<!-- a -->", "<b>", "&lt;b&gt;", "&#60;"),
    *("[a](javascript:alert(1))", "![a](https://elsewhere.example)", "<https://elsewhere.example>", "[a]: https://elsewhere.example", "# a"),
    *("> a", "- a", "1. a", "    a", "```\na\n```", "~~~", "***", "___", "===", "a\n===", "a\n\nb", "a  \nb", "\\", "a\\", "\\\\", "**a", "_a_"),
    # mentions, chat marks and cards
    *("<!channel>", "<!here|here>", "<@U012AB3CD>", "<#C012|general>", "<!subteam^S1>", "<https://elsewhere.example|home>", ":tada:", "~a~"),
    *("@everyone", "@here", "@admin", "<at>Ida</at>", "[~accountid:5b10a2844c20165700ede21g]", "&lt;at&gt;", "{{mention}}", "{user:ida}"),
    *("{color:red}a{color}", "{toc}", "{{a}}", "??a??", "+a+", "^a^", "--a--", "{anchor:a}", "(!) (x) (/)", "# *a* _b_", "|| a || b ||"),
    # headers, lines and signs that nobody sees
    *("a\r\nBcc: x@elsewhere.example", "a\nSubject: b", "a\r\n\r\nb", "a\rb", "a\x0bb", "a\x0cb", "a\x85b", "a\u2028b", "a\u2029b", "\x1b[31ma"),
    *("\u202eexe.a", "a\u202db", "\u2066a", "\u2067a\u2069", "\u2069\u2069a", "\u200fa", "\u061ca", "\ufeffa", "a\u00adb", "\ud83d", "a\udc00b"),
    # letters of many kinds, and long words
    *("👩\u200d👩\u200d👧", "🇳🇴🇻🇳", "a\u0336b\u0336", "é" * 300, "W" * 300, "Donaudampfschifffahrt" * 20, "ا" * 300, "付" * 300, "1" * 300),
    # what fills memory or time
    *("{" * 10_000, "[" * 10_000, "*" * 10_000, "_a" * 5_000, ">" * 10_000, "`" * 10_001, "(" * 10_000, "a\n" * 10_000, "![" * 5_000),
    *("x" * 1_000_000, " " * 1_000_000, "\n" * 100_000, "\u0301" * 10_000, "\u200b" * 1_000_000, "付" * 500_000, "[a](" * 5_000, "&" * 9_999),
]

BODIES = [
    # arithmetic and texts that grow
    *("{{ 'a' * 999999999 }}", "{{ 9 ** 9 ** 9 }}", "{{ 'a' ~ 'a' * 99999999 }}", "{{ [1] * 999999999 }}", "{{ 1 / 0 }}", "{{ 1 // 0 }}"),
    *("{{ 1 % 0 }}", "{{ 1 - 1 }}", "{{ -1 }}", "{{ +1 }}", "{{ '%999999999d' % 1 }}", "{{ '%s' % ticket }}", "{{ 1 << 999999999 }}"),
    *("{{ 'a'.center(999999999) }}", "{{ 'a'.rjust(999999999) }}", "{{ 'a'.zfill(999999999) }}", "{{ 'a'.join('bbb') }}", "{{ 'a'.replace('a', 'b') }}"),
    *("{{ 'a' | center(999999999) }}", "{{ 'a' | indent(999999999) }}", "{{ 'a' | replace('a', 'aa') }}", "{{ 'a' | wordwrap(1) }}"),
    *("{{ '{:>999999999}'.format(1) }}", "{{ '{0.__class__}'.format(ticket) }}", "{{ 'a' | format(1) }}", "{{ 'a' | truncate(1) }}"),
    *("{{ " + "'a' ~ " * 9_000 + "'a' }}", "{{ ticket.title | join(" + "'x' ~ " * 4_000 + "'x') }}", "{{ proposals | join('x' * 9999) }}"),
    # loops
    *("{% for a in range(999999999) %}a{% endfor %}", "{% for a in [1, 2] %}a{% endfor %}", "{% for a in 'abc' %}a{% endfor %}"),
    *("{% for a in proposals %}{% for b in proposals %}c{% endfor %}{% endfor %}", "{% for a in reasons recursive %}{{ loop(reasons) }}{% endfor %}"),
    *("{% for a in proposals %}" + "x" * 9_999 + "{% endfor %}", "{% for a in ticket.title %}" + "{{ ticket.title }}" * 99 + "{% endfor %}"),
    *("{% for a in proposals | join %}a{% endfor %}", "{% for a in loop %}a{% endfor %}", "{% for a in ticket %}{{ a }}{% endfor %}"),
    *("{% for a in reader.name %}" + "{{ desk.name }}" * 500 + "{% endfor %}", "{% for a, b in proposals %}{{ a }}{% endfor %}"),
    *("{% for a in proposals if a %}a{% else %}b{% endfor %}", "{% for ticket in proposals %}{{ ticket.title }}{% endfor %}", "{% while 1 %}"),
    *("{% for a in (proposals, proposals) %}a{% endfor %}", "{% for a in proposals.x %}a{% endfor %}", "{% for a in nothing %}a{% endfor %}"),
    # nesting
    *("{% if 1 %}" * 50 + "a" + "{% endif %}" * 50, "{% if 1 %}" * 900 + "{% endif %}" * 900, "{% if 1 %}" * 3_000, "{{ " + "(" * 900 + "1" + ")" * 900 + " }}"),
    *("{{ " + "[" * 900 + "]" * 900 + " }}", "{{ " + "not " * 2_000 + "1 }}", "{{ a" + ".b" * 2_000 + " }}", "{{ a" + " | upper" * 2_000 + " }}"),
    *("{{ 1" + " if 1 else 2" * 1_000 + " }}", "{{ 1" + " and 1" * 4_000 + " }}", "{{ 1" + " == 1" * 4_000 + " }}", "{{ 'a' in " * 900 + "'a' }}"),
    *("{{ " * 5_000, "}}" * 5_000, "{% " * 5_000, "{#" * 9_000, "{{ '" * 3_000, "{" * 40_000, "> " * 9_000 + "a", "- " * 9_000 + "a", "[" * 9_000),
    *("*a **b " * 4_000, "_" * 15_000, "`" * 15_000, "![a](" * 3_000, "<" * 15_000, "&amp;" * 3_000, "| a " * 3_000, "\\" * 15_000),
    # what lies behind the values
    *("{{ ticket.__class__ }}", "{{ ticket.__init__.__globals__ }}", "{{ ''.__class__ }}", "{{ ().__class__.__bases__ }}", "{{ ticket.items }}"),
    *("{{ ticket['title'] }}", "{{ ticket | attr('keys') }}", "{{ self.__init__ }}", "{{ self._TemplateReference__context }}", "{{ self.body() }}"),
    *("{{ self }}", "{{ loop }}", "{{ caller() }}", "{{ varargs }}", "{{ kwargs }}", "{{ context }}", "{{ environment }}", "{{ request }}", "{{ config }}"),
    *("{{ lipsum }}", "{{ lipsum(9999) }}", "{{ cycler('a') }}", "{{ joiner() }}", "{{ namespace(a=1) }}", "{{ dict(a=1) }}", "{{ range(9) }}", "{{ debug() }}"),
    *("{{ 1 | map }}", "{{ 1 | tojson }}", "{{ 1 | pprint }}", "{{ 1 | safe }}", "{{ 1 | random }}", "{{ 1 | sum }}", "{{ 1 | batch(1) }}", "{{ 1 is defined }}"),
    # sentences that are none of the dialect's
    *("{% set a = 1 %}", "{% set a %}b{% endset %}", "{% with a = 1 %}{% endwith %}", "{% include 'en/received.md.j2' %}", "{% include '/etc/passwd' %}"),
    *("{% extends 'en/received.md.j2' %}", "{% import 'a' as b %}", "{% from 'a' import b %}", "{% macro a() %}{{ a() }}{% endmacro %}", "{% call a() %}{% endcall %}"),
    *("{% filter upper %}a{% endfilter %}", "{% block more %}{% endblock %}", "{% block body %}{% endblock %}", "{% do a() %}", "{% autoescape true %}{% endautoescape %}"),
    *("{% trans %}a{% endtrans %}", "{% debug %}", "{% break %}", "{% continue %}", "{{ a = 1 }}", "{{ a := 1 }}", "{{ lambda: 1 }}", "{{ {'a': 1} }}", "{{ a[1:2] }}"),
    *("{{ *proposals }}", "{{ ticket.title | upper(a=1) }}", "{{ ticket.title | join(*proposals) }}", "{{ @ }}", "{{ $ }}", "{{ \x00 }}", "\ud800", "{{ '\ud800' }}"),
]
