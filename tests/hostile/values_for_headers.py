"""Values that would like to be a header, an address or a path of their own, and lines that would like to be others."""

# ruff: noqa: E501
# fmt: off

from __future__ import annotations

TOKENS = [
    # the end of a line, in every way that somebody reads one
    *("a\r\nX-Admin: 1", "a\nX-Admin: 1", "a\rX-Admin: 1", "\r\na", "\na", "a\n", "a\r", "a\r\n", "\r\n\r\n", "a\n\nb", "a\n b"),
    *("a\r\n\tb", "a\x0bb", "a\x0cb", "a\x1cb", "a\x1db", "a\x1eb", "a\x1fb", "a\x85b", "a\u2028b", "a\u2029b", "a\u010ab"),
    *("a\u560a", "a\u560d\u560aX: 1", "a\r\nContent-Length: 0\r\n\r\nGET / HTTP/1.1", "a\r\nTransfer-Encoding: chunked"),
    *("a\r\nHost: elsewhere.example", "a\r\nCookie: b=c", "a\r\nProxy-Authorization: Basic YQ==", "a\r\n HTTP/1.1 200 OK"),
    # other controls
    *("\x00", "a\x00", "\x00a", "a\x00b", "\x01", "a\x07b", "a\x08b", "a\tb", "\ta", "a\t", "\x1b[2J", "a\x1b]0;x\x07b", "a\x7fb"),
    # blanks and what looks like none
    *(" ", " a", "a ", "a b", "  ", "a  b", "\xa0", "a\xa0b", "\u2003a", "a\u200bb", "\ufeffa", "a\u2060b", "a\u180eb", "\u3000"),
    # letters beyond what a header holds
    *("é", "aé", "ÿ", "Ā", "付", "付款", "Ω", "я", "🚨", "e\u0301", "İ", "ẞ", "\ud800", "a\udc80b", "\udcff", "\U0010ffff", "\ufffd"),
    *("\u202ea", "a\u2066b\u2069", "a\u061cb", "a\u034fb", "＂", "：", "Ａ", "ａ\r\n", "pässword", "contraseña", "пароль", "密码"),
    # words that are no tokens
    *("Bearer\r\nBasic a", "Bearer a", "Basic YTpi", "a, Basic YTpi", "a; b\n", "a\\\r\nb", '"a\nb"', "'a b'", "(a b)", "<a b>"),
    *("a\r\n\r\n<html>", "null\n", "None ", "undefined\t", "${TOKEN} ", "{{ token }}", "$(cat /etc/passwd)", "`id` ", "; rm -rf / ", "%0d%0a "),
]

STEPS = [
    # up, down and away
    *(".", "..", "../", "/..", "../..", "..\\", "a/..", "a/../b", "../../../etc/passwd", "./a", "a/.", "/", "//", "///a"),
    *("//elsewhere.example", "https://elsewhere.example/", "http:a", "\\\\elsewhere\\a", "a\\b", "\\", "~", "~root", "a//b"),
    *("IT-1/comment", "IT-1/../IT-2", "IT-1/..;/IT-2", "IT-1;a=b", "IT-1;jsessionid=1", "%2e%2e", "%2e%2e%2f", "..%2f..", "%2F"),
    *("%252e%252e", "%c0%ae%c0%ae", "..%00/", "..;/", ".%2e", "%2e.", "．．", "。。", "‥", "…", "..\u200b", "\u202e..", " ..", ".. "),
    # questions, fragments, and what ends an address
    *("a?b=c", "?", "?sysparm_query=", "a?fields=*all", "a#b", "#", "a&b=c", "&", "a=b", "a%", "%", "%%", "%zz", "%3f", "%23"),
    *("a b", " a", "a ", "a+b", "a\tb", "a\nb", "a\r\nHost: elsewhere.example", "a HTTP/1.1\r\n\r\nGET /b", "a\x00b", "\x00", "\x7f"),
    *("a\x1b[2J", "\x85", "a\u2028b", "a\u2029b", "\xa0", "a\ufeffb", "a\u200bb", "\u2044", "a\u2215b", "a\uff0fb", "a\uff3cb", "∕"),
    # other signs
    *("a@b", "user:password@elsewhere.example", "@elsewhere.example", ":80", "a:b", "[::1]", "(a)", "a,b", "a*b", "*", "a|b", "a^b"),
    *("<script>", '"a"', "'a'", "`a`", "{a}", "${a}", "{{a}}", "$a", "!a", "a'--", "a;b", "付款", "é", "e\u0301", "🚨", "İT-1", "ıt-1"),
    *("x" * 3000, "/" * 500, "../" * 300, "%2e" * 300, "IT-1" + "\n" * 99),
]

LINES = [
    # lines of their own, as logs write them
    *("a\n2026-11-24T09:00:00Z INFO all is well", "a\r\nERROR b", "a\rOK", "\n", "\r", "\r\n", "\n\n\na", "a\n", "\na", "a\x0bb"),
    *("a\x0cb", "a\x1cb", "a\x1db", "a\x1eb", "a\x85b", "a\u2028b", "a\u2029b", "a\nsn: 3 read, 0 failed", "a\n\n0 to mend.", "a\n✓ fine"),
    *('a\n{"level": "info"}', "a\ndesk.yaml:1:1: error: x", "a\n    ^", "a\nTraceback (most recent call last):", "\\n", "\\r\\n", "%0a", "&#10;"),
    # what steers a terminal
    *("\x1b[31mred", "\x1b[0m", "\x1b[2J", "\x1b[H", "\x1b[1A\x1b[2Kgone", "\x1b[?25l", "\x1b[?1049h", "\x1bc", "\x1b]0;title\x07"),
    *("\x1b]8;;https://elsewhere.example\x1b\\click\x1b]8;;\x1b\\", "\x1b]52;c;YQ==\x07", "\x1b[6n", "\x1bP$q\x1b\\", "\x1b_x\x1b\\", "\x1b^x\x1b\\"),
    *("\x9b31mred", "\x9d0;title\x9c", "\x90x\x9c", "\x84", "\x8d", "\x07", "\x08\x08\x08gone", "a\x08b", "\x0e", "\x0f", "\x1a", "\x04", "\x05"),
    *("\x00", "a\x00b", "\x7f", "\x1b", "a\x1b", "\x1b[", "\x1b[9999999999B", "\x1b[3;4;5;6;7m", "\x1b(0lqqk\x1b(B", "\x18", "\x11\x13"),
    # what turns the reading, hides, or joins
    *("\u202egpj.exe", "\u202dabc", "\u202a", "\u202b", "\u202c", "\u2066a\u2069", "\u2067", "\u2068", "\u200e", "\u200f", "\u061c"),
    *("a\u200bb", "a\u2060b", "a\u2061b", "\ufeffa", "a\u00adb", "\ufff9a\ufffab\ufffb", "\U000e0041\U000e0042", "\ud800", "\udc80", "a\udcffb"),
    # what other readers take for theirs
    *("[bold]a[/bold]", "[link=https://elsewhere.example]a[/link]", "[red]", "[/]", "[", "]", "\\[a]", ":smile:", "{a}", "{}", "{0}", "{0.__class__}"),
    *("%s", "%d", "%(a)s", "%n", "%", "%%", "${a}", "$(id)", "`id`", "<b>a</b>", "<script>alert(1)</script>", "&lt;", "*a*", "_a_", "# a", "- a"),
    *("=1+1", "@SUM(A1)", "+1", "-1", "\t=1", "a,b", 'a"b', "a'b", "a;b", "a|b", "a\tb", "x" * 5000, "👩‍💻", "e" + "\u0301" * 300, "付款", "İ"),
]
