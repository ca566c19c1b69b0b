"""Wrong configuration files, each with the one line that tells it. Shared by several tests."""

from __future__ import annotations

SECRET = "hunter2"
MAIN = '[providers.main]\nbackend = "sumotext"\nshortcode = "74700"\nkeyword = "hunter2"\n'
FALLBACK = '[providers.default]\nbackend = "fallback"\n'
RETRY = '[providers.default]\nbackend = "retry"\n'
A = "[providers.a]\n"
ELSEWHERE = "[providers.default]\nbackend = 'sumotext'\nshortcode = '74700'\nkeyword = "

WRONG = {
    "no provider": ("", "sumotext.toml: there is no provider 'default'; write [providers.default]"),
    "no default": (
        MAIN,
        "sumotext.toml: there is no provider 'default'; write [providers.default]",
    ),
    "unknown table": (
        '[provider.main]\nbackend = "null"',
        (
            "sumotext.toml: unknown key 'provider'; there are providers, health, ledger, consent; "
            "did you mean 'providers'?"
        ),
    ),
    "providers is no table": (
        'providers = "hunter2"',
        "sumotext.toml: 'providers' wants a table, such as [providers.default]",
    ),
    "health is no table": (
        'health = "off"',
        "sumotext.toml: 'health' wants a table, such as [health]",
    ),
    "no alias": (
        '[providers."a b"]\nbackend = "null"',
        (
            "sumotext.toml: (not shown) is not an alias; "
            "write letters, digits, '_', and inside '-' and '.'"
        ),
    ),
    "text without quotes": (
        "[providers.default]\nbackend = hunter2",
        "sumotext.toml is not valid TOML: Invalid value, line 2, column 11",
    ),
    "text that does not end": (
        '[providers.default]\nkeyword = "hunter2',
        "sumotext.toml is not valid TOML: Unterminated string, end of document",
    ),
    "table twice": (
        f"{MAIN}{MAIN}",
        "sumotext.toml is not valid TOML: line 5, column 16",
    ),
    "brackets without end": (
        "a = " + "[" * 5000,
        "sumotext.toml is not valid TOML: it is nested too deeply",
    ),
    "provider is a number": (
        "providers.default = 5015551234",
        "sumotext.toml: provider 'default': it wants a table with \"backend\", a DSN, or an alias",
    ),
    "no backend": (
        '[providers.default]\nkeyword = "hunter2"',
        "sumotext.toml: provider 'default': option 'backend' is missing; name one, or give a 'dsn'",
    ),
    "backend is no text": (
        "[providers.default]\nbackend = 7",
        "sumotext.toml: provider 'default': option 'backend' wants the name of a backend",
    ),
    "unknown option": (
        f"{MAIN}shortcod = 'hunter2'\n[providers]\ndefault = 'main'",
        "sumotext.toml: provider 'main': unknown option 'shortcod'; did you mean 'shortcode'?",
    ),
    "option that may be a secret": (
        f"{MAIN}'+15015551234 hunter2' = 1\n[providers]\ndefault = 'main'",
        "sumotext.toml: provider 'main': unknown option (not shown)",
    ),
    "missing option": (
        '[providers.default]\nbackend = "sumotext"\nkeyword = "hunter2"',
        (
            "sumotext.toml: provider 'default': option 'shortcode' is missing "
            "(the account's short code, 5 or 6 digits)"
        ),
    ),
    "text for a number": (
        '[providers.default]\nbackend = "fallback"\nchain = ["null://"]\ntimeout = "hunter2"',
        "sumotext.toml: provider 'default': option 'timeout' wants a number",
    ),
    "number out of bounds": (
        '[providers.default]\nbackend = "fallback"\nchain = ["null://"]\ntimeout = -7',
        "sumotext.toml: provider 'default': option 'timeout' wants a number > 0",
    ),
    "word that is no choice": (
        '[providers.default]\nbackend = "fallback"\nchain = ["null://"]\non_unknown = "hunter2"',
        (
            "sumotext.toml: provider 'default': option 'on_unknown' wants one of "
            "'stop', 'may_text_twice'"
        ),
    ),
    "value that the backend refuses": (
        '[providers.default]\nbackend = "sumotext"\nshortcode = "hunter2"\nkeyword = "K"',
        "sumotext.toml: provider 'default': option 'shortcode' wants 5 or 6 digits",
    ),
    "refusal to get round": (
        f'{FALLBACK}chain = ["null://"]\nalso_after = ["NOT_OPTED_IN"]',
        (
            "sumotext.toml: provider 'default': option 'also_after' may hold NOT_SUBSCRIBED only: "
            "no provider may be used to get round a refusal"
        ),
    ),
    "empty chain": (
        f"{FALLBACK}chain = []",
        "sumotext.toml: provider 'default': option 'chain' is empty; name at least one provider",
    ),
    "chain is a number": (
        f"{FALLBACK}chain = 7",
        "sumotext.toml: provider 'default': option 'chain' wants a list of providers",
    ),
    "missing alias": (
        f'{FALLBACK}chain = ["mian"]\n{MAIN}',
        (
            "sumotext.toml: provider 'default': option 'chain': there is no provider 'mian'; "
            "did you mean 'main'?; write [providers.mian]"
        ),
    ),
    "alias twice": (
        f'{FALLBACK}chain = ["main", "main"]\n{MAIN}',
        "sumotext.toml: provider 'default': option 'chain' names 'main' twice; take one out",
    ),
    "alias twice in a DSN": (
        f"{MAIN}[providers.default]\ndsn = 'main || main'",
        "sumotext.toml: provider 'default': option 'chain' names 'main' twice; take one out",
    ),
    "chain that holds itself": (
        f'{RETRY}of = "default"',
        "sumotext.toml: provider 'default': it holds itself: default → default; take one out",
    ),
    "chains that hold each other": (
        f'{FALLBACK}chain = ["a"]\n{A}backend = "retry"\nof = "default"',
        "sumotext.toml: provider 'default': it holds itself: default → a → default; take one out",
    ),
    "aliases that lead in a circle": (
        '[providers]\ndefault = "a"\na = "b"\nb = "a"',
        "sumotext.toml: provider 'a': it holds itself: a → b → a; take one out",
    ),
    "dsn and options": (
        "[providers.default]\ndsn = 'null://'\ntimeout = 3",
        "sumotext.toml: provider 'default': 'dsn' stands alone; other options go into its query",
    ),
    "dsn is no text": (
        "[providers.default]\ndsn = 7",
        "sumotext.toml: provider 'default': option 'dsn' wants text",
    ),
    "option twice in a DSN": (
        "providers.default = 'sumotext://74700/hunter2?keyword=hunter2'",
        "sumotext.toml: provider 'default': option 'keyword' is given twice in the sumotext DSN",
    ),
    "unknown option in a DSN": (
        "providers.default = 'sumotext://74700/hunter2?carier=ATTUS'",
        "sumotext.toml: provider 'default': unknown option 'carier'; did you mean 'carrier'?",
    ),
    "DSN that breaks off": (
        "providers.default = '(sumotext://74700/hunter2 || null://'",
        "sumotext.toml: provider 'default': ')' is missing, at character 37",
    ),
    "variable that is missing": (
        f'{ELSEWHERE}{{ env = "KEYWORD" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the environment variable 'KEYWORD' is not set; set it"
        ),
    ),
    "variable that is empty": (
        f'{ELSEWHERE}{{ env = "EMPTY" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the environment variable 'EMPTY' is empty; set it"
        ),
    ),
    "variable with a wrong DSN": (
        '[providers.default]\ndsn = { env = "BAD_DSN" }',
        (
            "sumotext.toml: provider 'default': neither an alias nor a DSN "
            "(scheme://…?option=value, with special characters percent-encoded, "
            "such as sumotext://74700/SUMO?carrier=ATTUS), at character 1"
        ),
    ),
    "file that is missing": (
        f'{ELSEWHERE}{{ file = "no.key" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the file 'no.key' cannot be read: No such file or directory"
        ),
    ),
    "file that is a folder": (
        f'{ELSEWHERE}{{ file = "." }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the file '.' cannot be read: Is a directory"
        ),
    ),
    "file that is no text": (
        f'{ELSEWHERE}{{ file = "bytes" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the file 'bytes' cannot be read: it is not UTF-8 text"
        ),
    ),
    "file that is empty": (
        f'{ELSEWHERE}{{ file = "empty" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the file 'empty' is empty; write the value into it"
        ),
    ),
    "reference with more": (
        f'{ELSEWHERE}{{ env = "KEYWORD", default = "hunter2" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "a reference has one key, 'env' or 'file', and no other"
        ),
    ),
    "reference to a number": (
        f"{ELSEWHERE}{{ env = 7 }}",
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            'a reference is { env = "…" }, with text in it'
        ),
    ),
    "wrong health": (
        f'{FALLBACK}chain = ["null://"]\n[health]\nstate = "hunter2"',
        "sumotext.toml: [health]: option 'state' wants one of 'shared', 'memory', 'off'",
    ),
    "unknown health": (
        f'{FALLBACK}chain = ["null://"]\n[health]\nfailure = 3',
        "sumotext.toml: [health]: unknown option 'failure'; did you mean 'failures'?",
    ),
    "too deep": (
        "[providers]\ndefault = 'p0'\n" + "".join(f"p{n} = 'p{n + 1}'\n" for n in range(30)),
        "sumotext.toml: provider 'p19': more than 20 providers inside each other",
    ),
}
