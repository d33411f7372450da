"""IPA of eSpeak NG's voice en-us -> ARPAbet as CMUdict writes it, without stress."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

VOICE = "en-us"  # CMUdict is American

VOWELS = {
    "iː": "IY",
    "i": "IY",
    "ɪ": "IH",
    "ᵻ": "IH",
    "eɪ": "EY",
    "ɛ": "EH",
    "æ": "AE",
    "a": "AE",
    "ɑː": "AA",
    "ɔː": "AO",
    "ɔ": "AO",
    "oʊ": "OW",
    "ʊ": "UH",
    "uː": "UW",
    "ʌ": "AH",
    "ə": "AH",
    "ɐ": "AH",
    "ɜː": "ER",
    "ɚ": "ER",
    "aɪ": "AY",
    "aʊ": "AW",
    "ɔɪ": "OY",
}
CONSONANTS = {
    "p": "P",
    "b": "B",
    "t": "T",
    "d": "D",
    "k": "K",
    "ɡ": "G",
    "tʃ": "CH",
    "dʒ": "JH",
    "f": "F",
    "v": "V",
    "θ": "TH",
    "ð": "DH",
    "s": "S",
    "z": "Z",
    "ʃ": "SH",
    "ʒ": "ZH",
    "h": "HH",
    "m": "M",
    "n": "N",
    "ŋ": "NG",
    "l": "L",
    "ɹ": "R",
    "w": "W",
    "j": "Y",
    "ɾ": "T",  # letter; CMUdict writes no flaps
    "ʔ": "T",  # button
    "r": "R",  # of names: as in Spanish, in Scottish loch, in Welsh llan
    "x": "K",
    "ɬ": "L",
}
SEVERAL = {
    "ɑːɹ": "AA R",
    "ɔːɹ": "AO R",
    "oːɹ": "AO R",
    "ɪɹ": "IH R",
    "ɛɹ": "EH R",
    "ʊɹ": "UH R",
    "aɪɚ": "AY ER",
    "aɪə": "AY AH",
    "iə": "IY AH",
    "əl": "AH L",
    "n̩": "AH N",
}
FOREIGN = {  # the nearest in English to phones of other voices, which eSpeak NG takes for other scripts
    "e": "EH",
    "o": "OW",
    "u": "UW",
    "y": "UW",
    "ɨ": "IH",
    "ø": "ER",
    "œ": "ER",
    "ɑ": "AA",
    "ɜ": "ER",
    "c": "K",
    "g": "G",
    "ɣ": "G",
    "q": "K",
    "χ": "K",
    "ç": "SH",
    "ʂ": "SH",
    "ɕ": "SH",
    "ʐ": "ZH",
    "ʑ": "ZH",
    "β": "V",
    "ʋ": "V",
    "ɲ": "N",
    "ɫ": "L",
    "ʎ": "L",
    "ʁ": "R",
    "ʀ": "R",
    "ɽ": "R",
}
ARPABET = {ipa: tuple(phones.split()) for ipa, phones in (VOWELS | CONSONANTS | SEVERAL).items()}
PHONES = frozenset(phone for phones in ARPABET.values() for phone in phones)  # the 39 of CMUdict
ARPABET_VOWELS = frozenset(VOWELS.values())


def to_arpabet(phones: Iterable[str]) -> tuple[str, ...]:
    """IPA phones of one word -> its phones in ARPAbet.

    Where the two systems differ by context, CMUdict is followed: "hurry" is HH ER IY with no second R,
    "earlier" has IY before a vowel, "period" IH before R, "million" L Y AH N. Phones of another language
    become the nearest English ones, letter by letter of their IPA; what has none is left out.
    """
    written: list[str] = []
    before = ""
    for phone in phones:
        for ipa in [phone] if phone in ARPABET else _letters(phone):
            _append(written, before, ipa)
            before = ipa
    return tuple(written)


def _letters(phone: str) -> list[str]:
    """A phone of another language -> its letters, without length and other marks."""
    return [
        letter for letter in unicodedata.normalize("NFD", phone) if letter in ARPABET or letter in FOREIGN
    ]


def _append(written: list[str], before: str, ipa: str) -> None:
    """Add the phones of one IPA phone to those written; before: the IPA phone before it."""
    added = ARPABET[ipa] if ipa in ARPABET else (FOREIGN[ipa],)
    if before == "ɪ" and added[0] in ARPABET_VOWELS:
        written[-1] = "IY"
    if ipa == "iə" and written[-1:] == ["L"] and len(written) > 1:
        added = ("Y", "AH")
    if before == "iə" and ipa == "ɹ" and written[-2:] == ["IY", "AH"]:
        written[-2:] = ["IH"]
    repeated = added[0] == "R" and written[-1:] in (["R"], ["ER"])
    written += added[1:] if repeated else added
