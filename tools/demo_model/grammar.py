"""The closed English grammar the demo model speaks: numbers, dates, commands, short statements.

Every sentence belongs to one side for ever, by its own hash: a sentence of the evaluation is never
trained on, whichever voice says it. Phrases without a choice in them would lose their words that
way and are always trained on.
"""

import hashlib
import random
import re
from collections.abc import Callable

EVALUATION_SHARE = 20
"""One sentence in this many is kept for the evaluation."""


def _listed(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split(",")]


COLOURS = _listed("red, green, blue, yellow, black, white, orange, purple, brown, gray")
THINGS = _listed(
    "lamp, door, window, table, chair, book, phone, car, house, box, bottle, bag, coat, ring, key, "
    "clock, radio, camera, garden, kitchen"
)
ANIMALS = _listed("dog, cat, horse, bird, fish, mouse, lion, tiger, bear, wolf")
NAMES = _listed("Anna, Peter, Maria, David, Sarah, John, Laura, Thomas, Emma, Michael")
CITIES = _listed("London, Paris, Berlin, Madrid, Rome, Tokyo, Boston, Chicago, Vienna, Oslo")
DAYS = _listed("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday")
MONTHS = _listed(
    "January, February, March, April, May, June, July, August, September, October, November, "
    "December"
)
WEATHER = _listed("sunny, cloudy, rainy, windy, cold, warm, snowy, stormy")
ACTIONS = _listed("open, close, move, take, bring, find, clean, paint, sell, buy")
QUALITIES = _listed("big, small, old, new, fast, slow, happy, quiet, strong, heavy")
FOODS = _listed("bread, milk, coffee, tea, water, apples, cheese, soup, rice, sugar")
PLACES = _listed("in, behind, near, under")
SETTINGS = _listed("timer, alarm, volume, heater")
MINUTES = ["", " fifteen", " thirty", " forty-five"]
PHRASES = _listed(
    "Stop., Start., Pause., Play., Next., Back., Louder., Softer., Yes., No., Thank you., "
    "Good morning., Good night., Hello."
)
BEFORE_DIGITS = "My number is"
ONES = _listed("zero, one, two, three, four, five, six, seven, eight, nine")
TEENS = _listed(
    "ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen"
)
TENS = _listed("twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety")

Chooser = random.Random


def number_in_words(number: int) -> str:
    """An English cardinal from 0 to 999."""
    if not 0 <= number <= 999:
        raise ValueError(f"{number} has no name here; the grammar counts from 0 to 999")
    if number < 10:
        return ONES[number]
    if number < 20:
        return TEENS[number - 10]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")
    hundreds, rest = divmod(number, 100)
    return f"{ONES[hundreds]} hundred" + (f" and {number_in_words(rest)}" if rest else "")


def sentence(chooser: Chooser) -> str:
    """One sentence; templates are equally likely."""
    return chooser.choice(TEMPLATES)(chooser)


def is_for_evaluation(text: str) -> bool:
    """Whether this sentence is kept out of the training."""
    if text in PHRASES:
        return False
    return hashlib.sha256(text.encode()).digest()[0] % EVALUATION_SHARE == 0


def training_sentence(chooser: Chooser) -> str:
    """One sentence that the training may use."""
    while is_for_evaluation(text := sentence(chooser)):
        pass
    return text


def evaluation_sentence(chooser: Chooser) -> str:
    """One sentence that the training never uses."""
    while not is_for_evaluation(text := sentence(chooser)):
        pass
    return text


def is_digit_string(text: str) -> bool:
    """Whether the sentence says some digits one by one."""
    return text.startswith(BEFORE_DIGITS)


def pieces(text: str) -> list[str]:
    """The runs that byte-pair encoding never joins: words with their space, and punctuation.

    The text is taken as Whisper writes it, with one space before it.
    """
    return PIECE.findall(" " + text)


PIECE = re.compile(r" ?[A-Za-z]+|[^\sA-Za-z]+")


def all_pieces() -> list[str]:
    """Every run that any sentence can contain, sorted."""
    inner = [*COLOURS, *THINGS, *ANIMALS, *NAMES, *CITIES, *DAYS, *MONTHS, *WEATHER, *ACTIONS]
    inner += [*QUALITIES, *FOODS, *PLACES, *SETTINGS, *ONES, *TEENS, *TENS]
    inner += ["hundred", "and", "today", "at"]
    found = {f" {word}" for word in inner} | set(ONES) | {"-", ".", ",", "?", " off", " on"}
    chooser = Chooser(0)
    fixed = [template(chooser) for template in TEMPLATES for _ in range(4)]
    starts = [number_in_words(number).capitalize() for number in range(1, 1000)]
    for text in [*fixed, *starts, *PHRASES]:
        found.update(pieces(text))
    return sorted(found)


def _number(chooser: Chooser, low: int, high: int) -> str:
    return number_in_words(chooser.randint(low, high))


def _digits(chooser: Chooser) -> str:
    return " ".join(chooser.choice(ONES) for _ in range(chooser.randint(3, 7)))


TEMPLATES: list[Callable[[Chooser], str]] = [
    lambda c: f"Turn {c.choice(['on', 'off'])} the {c.choice(COLOURS)} {c.choice(THINGS)}.",
    lambda c: f"Please {c.choice(ACTIONS)} the {c.choice(QUALITIES)} {c.choice(THINGS)}.",
    lambda c: f"The {c.choice(ANIMALS)} is {c.choice(PLACES)} the {c.choice(THINGS)}.",
    lambda c: f"{c.choice(NAMES)} has {_number(c, 2, 99)} {c.choice(COLOURS)} books.",
    lambda c: f"It is {c.choice(WEATHER)} in {c.choice(CITIES)} today.",
    lambda c: f"The train to {c.choice(CITIES)} leaves at {_number(c, 1, 12)}{c.choice(MINUTES)}.",
    lambda c: f"{BEFORE_DIGITS} {_digits(c)}.",
    lambda c: f"We will meet on {c.choice(DAYS)} in {c.choice(CITIES)}.",
    lambda c: f"{c.choice(NAMES)} and {c.choice(NAMES)} live in {c.choice(CITIES)}.",
    lambda c: f"I would like {c.choice(FOODS)} and {c.choice(FOODS)}, please.",
    lambda c: f"Where is the {c.choice(COLOURS)} {c.choice(THINGS)}?",
    lambda c: f"The {c.choice(QUALITIES)} {c.choice(ANIMALS)} can run.",
    lambda c: f"{_number(c, 1, 999).capitalize()} plus {_number(c, 1, 99)}.",
    lambda c: f"Today is {c.choice(DAYS)}, {c.choice(MONTHS)} {_number(c, 1, 31)}.",
    lambda c: f"Set the {c.choice(SETTINGS)} to {_number(c, 1, 99)}.",
    lambda c: c.choice(PHRASES),
    lambda c: (
        f"Did {c.choice(NAMES)} {c.choice(ACTIONS)} the {c.choice(THINGS)} on {c.choice(DAYS)}?"
    ),
    lambda c: f"Call {c.choice(NAMES)} in {_number(c, 2, 59)} minutes.",
    lambda c: f"The price is {_number(c, 1, 999)} dollars.",
    lambda c: f"My friend {c.choice(NAMES)} is very {c.choice(QUALITIES)}.",
]
