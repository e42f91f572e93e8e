"""Values that would like to be more than values: in JQL and in encoded queries."""

# ruff: noqa: E501
# fmt: off

from __future__ import annotations

JQL = [
    # quotes: closed early, doubled, of other kinds, half
    *('"', "'", '""', "''", '"""', "'\"'", '" "', '"a', 'a"', "a'", "'a", "`a`", "“a”", "‘a’", "«a»", "＂", "＇"),
    *('" OR "" = "', '" OR project = IT', '" or 1 = 1', "' OR project = IT", '") OR project in ("IT', '", "IT'),
    *('" AND project = HR', '" ORDER BY key', '"\tOR project=IT', '"\nOR project = IT', '"\r\nOR project = IT OR "'),
    *('") OR (summary ~ "', '")) OR ((project = IT', '"; project = IT', '" /* ', '" -- ', '" # ', '" && project = IT'),
    *('" || project = IT', '"||project=IT||"', '" ! project = IT', '" NOT project = IT', '"!=""', '" in ("', '" was "'),
    # backslashes: before the quote, before themselves, as escapes
    *("\\", "\\\\", "\\\\\\", '\\"', '\\\\"', '\\\\\\"', "\\'", '\\" OR project = IT', '\\\\" OR project = IT'),
    *("\\u0022", "\\u0022 OR project = IT", "\\u005c", "\\n", "\\t", "\\r", "\\x22", "\\0", "\\u", "\\u12", "a\\", "\\a"),
    *('\\u0022) OR project in (\\u0022IT', 'x\\" \\" OR key = IT-1', "\\\\u0022", "C:\\new\\table"),
    # what is a word of the language when it stands bare
    *("EMPTY", "NULL", "empty", "null", "AND", "OR", "NOT", "IN", "IS", "WAS", "CHANGED", "ORDER BY key DESC", "ASC"),
    *("currentUser()", "membersOf(jira-administrators)", "startOfDay(-1)", "now()", "issueHistory()", "cf[10010]"),
    *("project", "IT", "IT, HR", "(IT)", ")", "(", "()", "),(", ",", ",,", "=", "!=", "~", "!~", "<=", ">", "*", "?", "%"),
    *("in (IT)", "is not EMPTY", "= IT", "~ a", "text ~ a", "issuekey > IT-1", "1 OR 1", "-1", "0", "1e9", "10001"),
    # letters that look like nothing, or like something else
    *("\x00", "a\x00b", "\x00\" OR project = IT", "\x0b", "\x0c", "\x1b[2J", "\x7f", "\x85", "\xa0", "\u200b", "\u200d"),
    *("\u2028", "\u2029", "\u202eTI = tcejorp RO\u202c", "\u2066a\u2069", "\ufeff", "\ufffd", "\u02ba", "\u2033"),
    *("\ud800", "\udc22", 'a\ud800" OR project = IT', "🚨", "👩‍💻", "e\u0301", "İ", "ẞ", "付款", "Thanh toán", "ﬁ"),
    *("", " ", "  a", "a  ", "a  b", "\t", "\n", "a\nb", "x" * 5000, '"' * 500, "\\" * 501, "(" * 500, '"\\' * 300),
]

ENCODED = [
    # the sign that joins conditions, alone and doubled, at both ends
    *("^", "^^", "^^^", "a^", "^a", "a^b", "a^^b", "a^^^b", "^^active=true", "^active=true", "x^active=true"),
    *("^OR", "^ORactive=true", "x^ORactive=true", "x^^ORactive=true", "^OR^", "x^ORname!=", "x^ORnameISNOTEMPTY", "x^OR"),
    *("^NQ", "^NQactive=true", "x^NQactive=true", "x^NQ", "x^NQname!=x", "x^^NQactive=true", "^NQ^NQ", "x^NQORDERBYname"),
    *("^EQ", "x^EQ", "x^EQactive=true", "^ORDERBYname", "x^ORDERBYDESCname", "x^GROUPBYname", "x^TRENDBYname", "x^RLQ"),
    *("x^nameISNOTEMPTY", "x^nameANYTHING", "x^nameLIKE", "x^nameSTARTSWITH", "x^nameENDSWITH", "x^name!=y", "x^name>a"),
    *("x^sys_idIN", "x^sys_id!=", "x^sys_idISNOTEMPTY", "x^manager.active=true", "x^123TEXTQUERY321=a", "x^GOTOname=a"),
    *("x ^ORactive=true", "x^ ORactive=true", "x^\tORactive=true", "x^or active=true", "x^oractive=true", "x^nqactive=true"),
    # scripts, which the platform runs where a value begins with the word
    *("javascript:gs.getUserName()", "javascript:gs.getUserID()", "javascript:1", "javascript:", "JAVASCRIPT:1"),
    *("JavaScript:gs.log('x')", " javascript:1", "\tjavascript:1", "\njavascript:1", "javascript :1", "javascript:\n1"),
    *("javascript:gs.beginningOfToday()", "javascript:new GlideRecord('x').deleteMultiple()", "javascript\x00:1"),
    *("javascript:'a'", "x javascript:1", "jаvascript:1", "java\u200bscript:1", "ja\nvascript:1", "\u00a0javascript:1"),
    # line ends and other signs below the letters
    *("a\nb", "a\rb", "a\r\nb", "a\n^NQactive=true", "\n", "\r", "\x00", "a\x00^b", "a\x00", "\x0b", "\x0c", "\x1b[31m"),
    *("\x1c", "\x1d", "\x1e", "\x1f", "\x7f", "a\x85b", "a\u2028b", "a\u2029^b", "\ud800", "a\udc5eb", "\ufeffx", "\t"),
    # operators and lists, which are harmless after a sign of equality
    *("=", "!=", ">=", "<", "LIKE", "LIKEx", "IN", "INa,b", "NOT IN", "ISEMPTY", "ISNOTEMPTY", "NULL", "EMPTY", "SAMEAS"),
    *("BETWEENa@b", "a@b", "a,b", ",", "a,", ",a", "a, b", "*", "*a", "%", "%a%", "_", "a_b", "a.b", "a=b", "name=a", "DYNAMIC"),
    # what an address could take for its own
    *("&sysparm_limit=1", "a&sysparm_query=", "a#b", "a?b", "a%5Eb", "%5E", "%5ENQactive=true", "%255E", "+", "a+b", "a b", "/"),
    *("../sys_user", "..", "a/b", "a;b", "a|b", "\\", "\\^", "a\\", '"', "'", "<a>", "[a]", "{a}", "${a}", "{{a}}", "`a`"),
    # letters of all the world
    *("付款", "Thanh toán", "Får", "ﬁ", "İ", "ẞ", "e\u0301", "👩‍💻", "\u200b", "\u202e^RO", "＾", "ˆ", "⌃", "x" * 3000, " ", "  x "),
]
