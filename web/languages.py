"""Languages by name: a badge says them as codes."""

import re

_NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "gl": "Galician",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lb": "Luxembourgish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mt": "Maltese",
    "nl": "Dutch",
    "no": "Norwegian",
    "nb": "Norwegian",
    "nn": "Norwegian (Nynorsk)",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_CODE = re.compile("[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}")


def code(said: str | None) -> str:
    """What a page may say of itself as its language: a code that is shaped like one, or nothing."""
    return said.replace("_", "-") if said and _CODE.fullmatch(said) else ""


def called(said: str | None) -> str:
    """ "German", "Portuguese (BR)"; as it stands where we have no name for it."""
    language, _, place = code(said).partition("-")
    name = _NAMES.get(language.lower())
    return (f"{name} ({place})" if place else name) if name else (said or "")
