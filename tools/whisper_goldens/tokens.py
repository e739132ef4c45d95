"""Tokens of sample texts and of the fixed sets, by openai-whisper and tiktoken."""

import json
from pathlib import Path

TEXTS = (
    "",
    " ",
    "Hello, world!",
    " It's 3 o'clock; they've paid 1,234.50 EUR.",
    "naïve café – Straße “quoted”",
    "日本語のテキストです。",
    "हिन्दी और العربية",
    "tabs\tand\nlines \n  with   spaces ",
    "no\u00a0break\u2028separator\x1cunit",
    "½ Ⅷ 一二三 ٣",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 ♪ ♪♪♪ ((",
    "\ud800 lone",
)

SIZES = {51864: (False, 99), 51865: (True, 99), 51866: (True, 100)}
"""Vocabulary size to whether it is multilingual and how many languages it has."""


def record(folder: Path) -> None:
    from whisper.tokenizer import get_tokenizer

    content = {}
    for size, (multilingual, languages) in SIZES.items():
        tokenizer = get_tokenizer(
            multilingual, num_languages=languages, language="de", task="translate"
        )
        words = [tokenizer.split_to_word_tokens(tokenizer.encode(text)) for text in TEXTS]
        content[str(size)] = {
            "encoded": [tokenizer.encode(text) for text in TEXTS],
            "words": [list(pair) for pair in words],
            "not_speech": tokenizer.non_speech_tokens,
            "start": tokenizer.sot_sequence,
            "specials": {
                name: token
                for name, token in sorted(tokenizer.special_tokens.items())
                if "." not in name or name in ("<|0.00|>", "<|1.08|>", "<|30.00|>")
            },
        }
    (folder / "tokens.json").write_text(json.dumps(content, indent=0) + "\n")
