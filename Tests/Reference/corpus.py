"""Real text in many scripts, out of Debian packages that any Debian 12 machine can fetch."""

import gettext
import gzip
import pathlib
import random
import re
import subprocess
import tempfile
import unicodedata

# Country and language names in about 90 languages; sentences of a program in 43; English prose.
PACKAGES = ["iso-codes", "apt", "debian-policy"]
PROSE = "usr/share/doc/debian-policy/policy.txt.gz"


def script(character):
    """The script of a letter by the first word of its Unicode name: LATIN, GREEK, CJK."""
    return unicodedata.name(character, "?").split(" ")[0].split("-")[0]


class Corpus:
    """Texts of unpacked packages; the same selection on every machine that has the same packages."""

    def __init__(self, translations, prose):
        self.translations = translations
        self.prose = prose

    @classmethod
    def fetch(cls):
        with tempfile.TemporaryDirectory(prefix="corpus.") as folder:
            subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *PACKAGES], cwd=folder, check=True)
            root = pathlib.Path(folder)
            for package in sorted(root.glob("*.deb")):
                subprocess.run(["dpkg", "-x", package, root], check=True)
            catalogues = sorted((root / "usr/share/locale").glob("*/LC_MESSAGES/*.mo"))
            with gzip.open(root / PROSE, "rt", encoding="utf-8") as file:
                return cls([cls.messages(path) for path in catalogues], file.read())

    @staticmethod
    def messages(path):
        """The translated texts of one message catalogue, without its header."""
        with open(path, "rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog
        return sorted({text for key, text in catalogue.items() if key and text.strip()})

    def lines(self, count):
        """Lines of every language in turn, and of the prose."""
        choose = random.Random(1)
        sources = [choose.sample(texts, len(texts)) for texts in self.translations]
        sources.append([line for line in self.prose.splitlines() if line.strip()])
        lines = []
        while len(lines) < count and any(sources):
            lines += [source.pop() for source in sources if source]
        return lines[:count]

    def passages(self, count):
        """Half 400 and half 1,000 characters; three quarters English prose, the rest other languages."""
        prose = re.sub(r"\s+", " ", re.sub(r"[-=~*]{4,}", " ", self.prose))
        others = [" ".join(texts) for texts in self.translations if sum(map(len, texts)) > 20_000]
        passages = []
        for index in range(count):
            source = others[(index // 4) % len(others)] if index % 4 == 3 else prose
            length = 1000 if index % 2 else 400
            start = (5000 + index * 977) % (len(source) - length)
            passages.append(source[start : start + length].strip())
        return passages

    @staticmethod
    def scripts(lines):
        """The scripts with at least 200 letters in these lines."""
        letters = {}
        for line in lines:
            for character in filter(str.isalpha, line):
                letters[script(character)] = letters.get(script(character), 0) + 1
        return sorted(name for name, number in letters.items() if number >= 200)
