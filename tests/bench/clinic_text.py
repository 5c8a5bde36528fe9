"""Text as it stands in the records of a clinic: names, addresses, sentences, notes. The same seed gives the same text.

The free text draws from a few thousand words whose frequency falls with their rank, as in any language (Zipf's law).
"""

import itertools
import random
import string

VOCABULARY = 4_000
BATCH = 50_000

SMALL_WORDS = """the of and to in a is no with for on was at has as by not or from be after she he her his this left
right pain since but when both than well does also denies reports without days weeks again more less today about which
during no normal mild severe some other under over two three before patient history daily""".split()
ONSETS = "b bl br c ch cl cr d dr f fl fr g gl gr h j l m n p ph pl pr qu r s sc sp st str t th tr v w".split()
VOWELS = "a a a e e e i i o o u ae ea io ou y".split()
CODAS = ["", "", "", "", "l", "m", "n", "n", "r", "r", "s", "t", "x", "ct", "nd", "nt", "rm", "st"]
ENDINGS = ["", "", "", "", "s", "ed", "ing", "al", "ic", "itis", "osis", "ia", "tion", "ive", "ly", "ous"]
STREETS = ["Street", "Road", "Avenue", "Lane", "Drive", "Court", "Place", "Way"]
DRUGS = """ramipril bisoprolol metformin atorvastatin pantoprazole ibuprofen levothyroxine amlodipine metoprolol
candesartan torasemide simvastatin omeprazole salbutamol allopurinol tamsulosin citalopram sertraline prednisolone
amoxicillin cefuroxime apixaban rivaroxaban clopidogrel aspirin gabapentin pregabalin tramadol metamizole tilidine
insulin-glargine sitagliptin empagliflozin hydrochlorothiazide spironolactone budesonide tiotropium mirtazapine
quetiapine zopiclone folic-acid colecalciferol ferrous-sulfate potassium-chloride diclofenac etoricoxib""".split()
FORMS = ["tablets", "film-coated tablets", "capsules", "drops", "solution for injection", "spray", "ointment"]
PARTS = ["left knee", "right knee", "left shoulder", "right shoulder", "lumbar spine", "cervical spine", "left hip",
         "right hip", "chest", "abdomen", "left wrist", "right wrist", "left ankle", "right ankle", "pelvis", "skull"]

# What a program's forms and a doctor's snippets leave in every note, and what fills their gaps.
TEMPLATES = [
    "BP {systolic}/{diastolic} mmHg, pulse {pulse}/min, temperature {temperature} C, SpO2 {oxygen} %.",
    "Weight {weight} kg, height {height} cm.",
    "Presents with {words} for {days} days.",
    "X-ray of the {part} in two planes: {words}. No fracture.",
    "MRI of the {part} from {date}: {words}.",
    "Ultrasound of the {part}: {words}, {millimetres} mm.",
    "Started {drug} {strength} mg {times} daily for {days} days.",
    "Continue {drug} {strength} mg, next control on {date}.",
    "Stopped {drug} because of {words}.",
    "Heart sounds regular, lungs clear on both sides, abdomen soft.",
    "ECG: sinus rhythm, {pulse}/min, {words}.",
    "HbA1c {percent} %, last value {percent} % on {date}.",
    "Sick note from {date} for {days} days.",
    "Referral to {words}, letter sent on {date}.",
    "Vaccination against {words}, batch {batch}.",
    "Allergies: none known.",
    "Pain {pain}/10 at rest, {pain}/10 on movement.",
    "Physiotherapy {sessions} x {words}.",
    "Phone call with {surname} on {date}: {words}.",
]

FIELDS = {
    "batch": lambda text: f"{text.number(0, 16**6):06X}",
    "date": lambda text: text.date(),
    "days": lambda text: text.number(1, 28),
    "diastolic": lambda text: text.number(55, 105),
    "drug": lambda text: text.drug(),
    "height": lambda text: text.number(150, 198),
    "millimetres": lambda text: text.number(2, 60),
    "oxygen": lambda text: text.number(91, 100),
    "pain": lambda text: text.number(0, 9),
    "part": lambda text: text.pick(PARTS),
    "percent": lambda text: text.number(50, 110) / 10,
    "pulse": lambda text: text.number(50, 110),
    "sessions": lambda text: text.number(4, 10),
    "strength": lambda text: text.pick((5, 10, 20, 40, 50, 100, 500)),
    "surname": lambda text: text.surname(),
    "systolic": lambda text: text.number(100, 180),
    "temperature": lambda text: text.number(360, 395) / 10,
    "times": lambda text: text.number(1, 3),
    "weight": lambda text: text.number(450, 1200) / 10,
    "words": lambda text: text.words(text.number(2, 7)),
}


def parsed(template):
    """The template as pairs: what stands there, and what makes the text that follows it."""
    return [(literal, FIELDS.get(field)) for literal, field, _, _ in string.Formatter().parse(template)]


class ClinicText:
    """One stream of random text; not shared between threads."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        made = {self._made_word() for _ in range(2 * VOCABULARY)}
        # Frequent words are short, in any language.
        made = sorted(sorted(made), key=lambda word: len(word) + self.random.uniform(0, 6))
        self._words = list(dict.fromkeys(SMALL_WORDS + made))[:VOCABULARY]
        self._shares = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self._words))))
        self._surnames = self._names(3_000)
        self._forenames = self._names(600)
        self._places = self._names(900)
        self._drawn = []
        self._templates = [parsed(template) for template in TEMPLATES]

    def number(self, low, high):
        """A whole number from low to high; several times as fast as randint."""
        return low + int(self.random.random() * (high - low + 1))

    def pick(self, choices):
        return choices[int(self.random.random() * len(choices))]

    def words(self, count):
        """So many words of free text."""
        if len(self._drawn) < count:
            self._drawn = self.random.choices(self._words, cum_weights=self._shares, k=BATCH)
        taken = self._drawn[-count:]
        del self._drawn[-count:]
        return " ".join(taken)

    def sentence(self):
        return self.words(self.number(5, 18)).capitalize() + "."

    def note(self):
        """What a doctor writes down for one visit: some filled-in forms among some sentences."""
        parts = [self._filled(template) for template in self.random.sample(self._templates, self.number(2, 6))]
        parts += [self.sentence() for _ in range(self.number(1, 6))]
        self.random.shuffle(parts)
        return "\n".join(parts)

    def surname(self):
        return self._common(self._surnames)

    def forename(self):
        return self._common(self._forenames)

    def place(self):
        return self._common(self._places)

    def street(self):
        return f"{self.place()} {self.pick(STREETS)} {self.number(1, 180)}"

    def drug(self):
        return self._common(DRUGS)

    def date(self, first=2012, last=2025):
        return f"{self.number(first, last)}-{self.number(1, 12):02}-{self.number(1, 28):02}"

    def uuid(self):
        digits = f"{self.random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def _common(self, names):
        """The first names are the most frequent."""
        return names[int(len(names) * self.random.random() ** 2)]

    def _made_word(self):
        syllables = self.random.choices((1, 2, 3, 4), weights=(3, 5, 4, 1))[0]
        pick = self.pick
        return "".join(pick(ONSETS) + pick(VOWELS) + pick(CODAS) for _ in range(syllables)) + pick(ENDINGS)

    def _names(self, count):
        return [self._made_word().capitalize() for _ in range(count)]

    def _filled(self, template):
        return "".join(literal + str(field(self)) if field else literal for literal, field in template)
