"""Makes the database of a clinic, of about that size: the same arguments give the same rows.

clinic_database.py DATABASE MEGABYTES JOURNAL_MODE
"""

import datetime
import sqlite3
import sys

from clinic_text import FORMS, ClinicText

VISITS_PER_PATIENT = 9
VISITS_AT_ONCE = 2_000
CLINICIANS = 14
SCHEMA = """
CREATE TABLE patient (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, surname TEXT NOT NULL, forename TEXT NOT NULL,
    born TEXT NOT NULL, sex TEXT NOT NULL, street TEXT, postcode TEXT, town TEXT, phone TEXT, email TEXT,
    insurance_number TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE visit (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, patient INTEGER NOT NULL REFERENCES patient,
    clinician INTEGER NOT NULL, begun_at TEXT NOT NULL, ended_at TEXT NOT NULL, reason TEXT, diagnosis TEXT, note TEXT);
CREATE TABLE prescription (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, visit INTEGER NOT NULL REFERENCES visit,
    drug TEXT NOT NULL, strength_mg REAL, form TEXT, pieces INTEGER, dosage TEXT, issued_at TEXT NOT NULL);
CREATE TABLE lab_value (id INTEGER PRIMARY KEY, visit INTEGER NOT NULL REFERENCES visit, code TEXT NOT NULL,
    value REAL NOT NULL, unit TEXT NOT NULL, low REAL, high REAL, flag TEXT, taken_at TEXT NOT NULL);
CREATE TABLE attachment (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, visit INTEGER NOT NULL REFERENCES visit,
    name TEXT NOT NULL, media_type TEXT NOT NULL, content BLOB NOT NULL);
CREATE INDEX patient_name ON patient (surname, forename, born);
CREATE INDEX visit_patient ON visit (patient, begun_at);
CREATE INDEX prescription_visit ON prescription (visit);
CREATE INDEX lab_value_visit ON lab_value (visit, code);
CREATE INDEX attachment_visit ON attachment (visit);
"""
LAB_TESTS = [
    ("HB", "g/dl", 12.0, 17.5), ("WBC", "10^9/l", 4.0, 10.0), ("PLT", "10^9/l", 150, 400), ("NA", "mmol/l", 135, 145),
    ("K", "mmol/l", 3.5, 5.1), ("CREA", "mg/dl", 0.6, 1.2), ("GFR", "ml/min", 60, 120), ("GLU", "mg/dl", 70, 110),
    ("CRP", "mg/l", 0, 5), ("TSH", "mU/l", 0.4, 4.0), ("LDL", "mg/dl", 50, 160), ("HDL", "mg/dl", 35, 80),
    ("ALT", "U/l", 5, 45), ("GGT", "U/l", 5, 60), ("HBA1C", "%", 4.0, 6.5), ("FERR", "ug/l", 20, 300),
]


class Clinic:
    """Rows as years of visits leave them, in the order of time."""

    def __init__(self, connection):
        self._connection = connection
        self._text = ClinicText(seed=1)
        self._random = self._text.random
        self._now = datetime.datetime(2012, 1, 2, 8)
        self._visits = 0
        self._patients = 0

    def add_visits(self, count):
        """A visit, now and then of a new patient, with what comes of it."""
        patients, visits, prescriptions, lab_values, attachments = [], [], [], [], []
        for _ in range(count):
            self._visits += 1
            if self._visits % VISITS_PER_PATIENT == 1:
                self._patients += 1
                patients.append(self._patient())
            visits.append(self._visit())
            prescriptions += [self._prescription() for _ in range(self._text.pick((0, 0, 1, 1, 2)))]
            if self._random.random() < 0.12:
                lab_values += [self._lab_value(test) for test in self._random.sample(LAB_TESTS, 8)]
            if self._random.random() < 0.015:
                attachments.append(self._attachment())
        self._insert("patient", patients)
        self._insert("visit", visits)
        self._insert("prescription", prescriptions)
        self._insert("lab_value", lab_values)
        self._insert("attachment", attachments)
        self._connection.commit()

    def _insert(self, table, rows):
        if rows:
            self._connection.executemany(f"INSERT INTO {table} VALUES (NULL{', ?' * len(rows[0])})", rows)

    def _patient(self):
        text, number = self._text, self._text.number
        surname, forename, town = text.surname(), text.forename(), text.place()
        return (text.uuid(), surname, forename, text.date(1932, 2019), self._text.pick("fm"), text.street(),
                f"{number(10_000, 99_999)}", town, f"0{number(200, 999)} {number(100_000, 9_999_999)}",
                f"{forename}.{surname}@{town}.example".lower(), f"{self._text.pick('ABCHKMTX')}{number(10**8, 10**9)}",
                str(self._now))

    def _visit(self):
        text, number = self._text, self._text.number
        self._now += datetime.timedelta(seconds=number(10, 900))
        ended = self._now + datetime.timedelta(minutes=number(4, 40))
        return (text.uuid(), number(1, self._patients), number(1, CLINICIANS), str(self._now), str(ended),
                text.words(number(2, 6)), f"{self._text.pick('EFIJKMRSZ')}{number(0, 99):02}.{number(0, 9)}",
                text.note())

    def _prescription(self):
        text, pick = self._text, self._text.pick
        dosage = f"{pick((0, 1, 1, 2))}-{pick((0, 0, 1))}-{pick((0, 1, 1))}-{pick((0, 0, 1))} {text.words(3)}"
        return (text.uuid(), self._visits, text.drug(), pick((2.5, 5, 10, 20, 40, 100, 500)), pick(FORMS),
                pick((10, 20, 30, 50, 100)), dosage, str(self._now))

    def _lab_value(self, test):
        code, unit, low, high = test
        value = round(self._random.gauss((low + high) / 2, (high - low) / 3), 2)
        flag = "L" if value < low else "H" if value > high else None
        return self._visits, code, value, unit, low, high, flag, str(self._now)

    def _attachment(self):
        """A thumbnail of a scan, which is compressed already."""
        content = self._random.randbytes(self._text.number(1_500, 6_000))
        return self._text.uuid(), self._visits, f"scan_{self._visits:07}.jpg", "image/jpeg", content


def make(path, megabytes, journal_mode):
    connection = sqlite3.connect(path)
    # Nothing is lost if the machine stops here: the database is made anew by each run.
    connection.executescript(f"PRAGMA synchronous=OFF; PRAGMA cache_size=-1500000; {SCHEMA}")
    clinic = Clinic(connection)
    while connection.execute("PRAGMA page_count").fetchone()[0] * 4096 < megabytes * 1_000_000:
        clinic.add_visits(VISITS_AT_ONCE)
    connection.execute(f"PRAGMA journal_mode={journal_mode}")
    connection.close()


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]), sys.argv[3])
