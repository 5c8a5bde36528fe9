"""The templates for Group Policy offer every setting that a policy can set, in the shape that Windows reads."""

import collections
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
from xml.etree import ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
WRITE = "installer/policy/write"
ADMX = "installer/policy/holdfast.admx"
ADML = "installer/policy/en-US/holdfast.adml"
SCHEMA = "config/holdfast.schema.json"
NAMESPACE = "{http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions}"
KEY = r"SOFTWARE\Policies\Holdfast"
LONGEST_TEXTS = ("99999d", "never", "23:59", "100%")
# Which element of a policy is shown by what.
CONTROLS = {"decimal": "decimalTextBox", "text": "textBox", "enum": "dropdownList", "list": "listBox"}

# What Windows' schema of policy definitions says of the elements that are used: the attributes that must be there,
# those that may, and the elements inside, in their order. Of a name that is used twice, the element around it is told.
Shape = collections.namedtuple("Shape", "required optional inside", defaults=("", "", ""))
VALUE = Shape(inside="(delete|decimal|string) ")
SHAPES = {
    "policyDefinitions": Shape(
        "revision schemaVersion",
        inside="policyNamespaces (supersededAdm )*(annotation )*resources (supportedOn )?(categories )?(policies )?"),
    "policyNamespaces": Shape(inside="target (using )*"),
    "target": Shape("prefix namespace"),
    "policyDefinitions/resources": Shape("minRequiredRevision", "fallbackCulture"),
    "policyDefinitions/supportedOn": Shape(inside="(products )?(definitions )?"),
    "definitions": Shape(inside="(definition )+"),
    "definition": Shape("name displayName", inside="((or|and) )?"),
    "categories": Shape(inside="(category )+"),
    "category": Shape("name displayName", "explainText", "(annotation )*(parentCategory )?(seeAlso )*(keywords )?"),
    "parentCategory": Shape("ref"),
    "policies": Shape(inside="(policy )+"),
    "policy": Shape(
        "name class displayName key", "explainText presentation valueName",
        "(annotation )*(parentCategory )?(seeAlso )*(keywords )?supportedOn (enabledValue )?(disabledValue )?"
        "(enabledList )?(disabledList )?(elements )?"),
    "policy/supportedOn": Shape("ref"),
    "enabledValue": VALUE,
    "disabledValue": VALUE,
    "value": VALUE,
    "delete": Shape(),
    "decimal": Shape("value"),
    "value/string": Shape(),
    "elements": Shape(inside="((boolean|decimal|text|enum|list|longDecimal|multiText) )+"),
    "elements/decimal": Shape("id", "clientExtension key valueName required minValue maxValue storeAsText soft"),
    "elements/text": Shape("id", "clientExtension key valueName required maxLength expandable soft"),
    "enum": Shape("id", "clientExtension key valueName required", "(item )*"),
    "item": Shape("displayName", inside="value (valueList )?"),
    "list": Shape("id", "clientExtension key valuePrefix additive expandable explicitValue"),
    "policyDefinitionResources": Shape(
        "revision schemaVersion", inside="displayName description (annotation )*resources "),
    "displayName": Shape(),
    "description": Shape(),
    "policyDefinitionResources/resources": Shape(inside="(stringTable )?(presentationTable )?"),
    "stringTable": Shape(inside="(string )+"),
    "stringTable/string": Shape("id"),
    "presentationTable": Shape(inside="(presentation )+"),
    "presentation": Shape(
        "id", inside="((text|decimalTextBox|textBox|checkBox|dropdownList|listBox|longDecimalTextBox|multiTextBox) )*"),
    "decimalTextBox": Shape("refId", "defaultValue spin spinStep"),
    "textBox": Shape("refId", inside="label (defaultValue )?"),
    "label": Shape(),
    "defaultValue": Shape(),
    "dropdownList": Shape("refId", "noSort defaultItem"),
    "listBox": Shape("refId"),
}
# How values of attributes are written, by the attributes' names.
NAME = r"\w+"
TRUTH = "true|false"
NUMBER = r"\d+"
WRITTEN = {"revision": r"\d{1,4}\.\d{1,5}", "schemaVersion": r"1\.0", "minRequiredRevision": r"\d{1,4}\.\d{1,5}",
           "name": NAME, "id": NAME, "prefix": NAME, "ref": NAME, "class": "Machine|User|Both",
           "displayName": r"\$\(string\.\w+\)", "explainText": r"\$\(string\.\w+\)",
           "presentation": r"\$\(presentation\.\w+\)",
           "required": TRUTH, "additive": TRUTH, "explicitValue": TRUTH, "noSort": TRUTH,
           "value": NUMBER, "minValue": NUMBER, "maxValue": NUMBER, "maxLength": NUMBER, "defaultItem": NUMBER,
           "defaultValue": NUMBER}


def root_of(path):
    """The root of a template, its names without their namespace."""
    root = ElementTree.parse(ROOT / path).getroot()
    for element in root.iter():
        assert element.tag.startswith(NAMESPACE), element.tag
        element.tag = element.tag.removeprefix(NAMESPACE)
    return root


def shape_faults(element, around=None):
    """What of an element, and of those inside, Windows would not read."""
    path = element.tag if around is None else f"{around.tag}/{element.tag}"
    shape = SHAPES.get(path) or SHAPES[element.tag]
    required, optional = set(shape.required.split()), set(shape.optional.split())
    if not required <= set(element.attrib) <= required | optional:
        yield f"{path} has the attributes {sorted(element.attrib)}"
    for name, value in element.attrib.items():
        if name in WRITTEN and not re.fullmatch(WRITTEN[name], value):
            yield f"{path}: {name} is {value!r}"
    inside = "".join(f"{child.tag} " for child in element)
    if not re.fullmatch(shape.inside, inside):
        yield f"{path} holds {inside!r}"
    for child in element:
        yield from shape_faults(child, element)


def dataset_schema():
    return json.loads((ROOT / SCHEMA).read_text(encoding="utf-8"))["properties"]["datasets"]["items"]["properties"]


def about(key):
    """What the schema says of a setting, and of the object that it stands in."""
    first, _, rest = key.partition(".")
    holder = dataset_schema()[first]
    return (holder["properties"][rest], holder) if rest else (holder, {})


def settings():
    """The settings that policies can set, from the page's sentence, which is held against the program's table."""
    page = (ROOT / "docs/config.md").read_text(encoding="utf-8")
    words = re.findall("`([^`]+)`", re.search(r"Policies can set (`.+?`)\. ", page, re.DOTALL).group(1))
    for word in words:
        if word.endswith(".*"):
            yield from (f"{word[:-2]}.{name}" for name in dataset_schema()[word[:-2]]["properties"])
        else:
            yield word


class Policies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.admx = root_of(ADMX)
        cls.adml = root_of(ADML)
        cls.policies = {policy.get("name"): policy for policy in cls.admx.iter("policy")}
        cls.strings = {string.get("id"): string.text for string in cls.adml.iter("string")}
        cls.presentations = {shown.get("id"): shown for shown in cls.adml.iter("presentation")}

    def values(self):
        """Of each registry value: the policy, and the element that sets it, which is none for a switch."""
        for policy in self.policies.values():
            if policy.get("valueName"):
                yield policy.get("valueName"), policy, None
            for element in policy.findall("elements/*"):
                if element.get("valueName"):
                    yield element.get("valueName"), policy, element

    def run_in_copy(self, change=None, *arguments):
        """The writer in a folder of its own, after a change there; and what it said."""
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            shutil.copytree(ROOT / "installer/policy", copy / "installer/policy")
            (copy / "config").mkdir()
            shutil.copy(ROOT / SCHEMA, copy / SCHEMA)
            if change:
                path, old, new = change
                text = (copy / path).read_text(encoding="utf-8")
                self.assertIn(old, text)
                (copy / path).write_text(text.replace(old, new, 1), encoding="utf-8")
            ended = subprocess.run([copy / WRITE, *arguments], capture_output=True, encoding="utf-8", check=False)
            return ended.returncode, ended.stderr

    def test_written(self):
        """The policy templates are what is made of the configuration's schema, and a difference is told."""
        self.assertEqual(self.run_in_copy(None, "--check"), (0, ""))
        for change in ((ADMX, 'maxValue="10"', 'maxValue="11"'), (ADML, "Windows 10", "Windows 11"),
                       (SCHEMA, '"maximum": 10,', '"maximum": 11,')):
            with self.subTest(change=change):
                code, told = self.run_in_copy(change, "--check")
                self.assertEqual(code, 1)
                self.assertRegex(told, r"holdfast\.adm[xl] is not what installer/policy/write makes of the schema")

    def test_new_setting(self):
        """A setting that the schema gets needs a title, or no policy templates are written."""
        code, told = self.run_in_copy((SCHEMA, '"retries": {', '"patience": {'))
        self.assertEqual(code, 1)
        self.assertEqual(told, "The schema and the titles in installer/policy/write differ by patience, retries.\n")

    def test_shape(self):
        """The policy templates have the elements, their order and the attributes that Windows reads."""
        self.assertEqual(list(shape_faults(self.admx)), [])
        self.assertEqual(list(shape_faults(self.adml)), [])
        self.assertEqual((self.admx.tag, self.adml.tag), ("policyDefinitions", "policyDefinitionResources"))
        self.assertLessEqual(max(len(string.text) for string in self.admx.iter("string")), 255)

    def test_alone(self):
        """The policy templates refer to nothing that is not in them, so they need no others."""
        names = {kind: [element.get("name") for element in self.admx.iter(kind)] for kind in ("category", "definition")}
        self.assertEqual([using.attrib for using in self.admx.iter("using")], [])
        for around, kind in (("parentCategory", "category"), ("supportedOn", "definition")):
            used = {element.get("ref") for element in self.admx.iter(around) if element.get("ref")}
            self.assertLessEqual(used, set(names[kind]))
        for policy in self.policies.values():
            self.assertIsNotNone(policy.find("parentCategory"), policy.get("name"))
        tops = [one.get("name") for one in self.admx.iter("category") if one.find("parentCategory") is None]
        self.assertEqual(tops, ["Holdfast"])

    def test_references(self):
        """Every text and every control of the policy templates is there, and each is used."""
        texts = ElementTree.tostring(self.admx, encoding="unicode")
        for table, kind in ((self.strings, "string"), (self.presentations, "presentation")):
            used = re.findall(rf"\$\({kind}\.(\w+)\)", texts)
            self.assertEqual(sorted(used), sorted(table))
        self.assertNotIn("", [(text or "").strip() for text in self.strings.values()])

    def test_unique(self):
        """No name, id or title stands twice in the policy templates."""
        for root, kind, attribute in ((self.admx, "policy", "name"), (self.admx, "category", "name"),
                                      (self.adml, "string", "id"), (self.adml, "presentation", "id")):
            names = [element.get(attribute).lower() for element in root.iter(kind)]
            self.assertEqual(len(names), len(set(names)), kind)
        ids = [element.get("id") for element in self.admx.iterfind(".//elements/*")]
        self.assertEqual(len(ids), len(set(ids)))
        titles = [self.strings[name] for name in self.policies]
        self.assertEqual(len(titles), len(set(titles)))

    def test_controls(self):
        """Every value that a policy asks for has the control of its kind, with a label, and no other is there."""
        for name, policy in self.policies.items():
            with self.subTest(policy=name):
                elements = policy.findall("elements/*")
                shown = policy.get("presentation", "").removeprefix("$(presentation.").removesuffix(")")
                controls = list(self.presentations[shown]) if shown else []
                self.assertEqual([(element.get("id"), CONTROLS[element.tag]) for element in elements],
                                 [(control.get("refId"), control.tag) for control in controls])
                for control in controls:
                    self.assertTrue((control.findtext("label") or control.text).endswith(":"))

    def test_settings(self):
        """The policy templates offer every setting that a policy can set, and no other, each once, for the computer."""
        self.assertEqual(sorted(value for value, _, _ in self.values()), sorted(settings()))
        for name, policy in self.policies.items():
            self.assertEqual((policy.get("class"), policy.get("key")), ("Machine", KEY), name)
        for element in self.admx.iterfind(".//elements/*[@key]"):
            self.assertEqual(element.tag, "list")

    def test_values(self):
        """What a policy template lets people enter is what the schema allows, and begins with the default."""
        for key, policy, element in self.values():
            with self.subTest(setting=key):
                schema, holder = about(key)
                default = schema.get("default", holder.get("default", {}).get(key.split(".")[-1]))
                if element is None:
                    self.check_switch(schema, policy)
                    continue
                self.assertEqual(element.get("required"), "true")
                control = self.adml.find(f".//*[@refId='{element.get('id')}']")
                check = {"decimal": self.check_number, "enum": self.check_choice, "text": self.check_text}[element.tag]
                check(schema, default, element, control)

    def check_switch(self, schema, policy):
        disabled = {"boolean": ("decimal", {"value": "0"}), None: ("delete", {})}[schema.get("type")]
        self.assertEqual(schema.get("const", True), True)
        for state, expected in (("enabledValue", ("decimal", {"value": "1"})), ("disabledValue", disabled)):
            self.assertEqual([(value.tag, value.attrib) for value in policy.find(state)], [expected])

    def check_number(self, schema, default, element, control):
        self.assertEqual(schema["type"], "integer")
        self.assertEqual(element.get("minValue"), str(schema["minimum"]))
        self.assertEqual(element.get("maxValue"), str(schema["maximum"]))
        self.assertIsNone(element.get("storeAsText"))
        self.assertEqual(control.get("defaultValue"), str(default))

    def check_choice(self, schema, default, element, control):
        words = [string.text for string in element.iterfind("item/value/string")]
        self.assertEqual(words, schema["enum"])
        self.assertEqual([self.strings[item.get("displayName")[len("$(string."):-1]] for item in element], words)
        self.assertEqual(control.get("defaultItem"), None if default is None else str(words.index(default)))

    def check_text(self, schema, default, element, control):
        self.assertEqual(schema["type"], "string")
        fitting = [len(text) for text in LONGEST_TEXTS if re.search(schema["pattern"], text)]
        self.assertEqual(int(element.get("maxLength")), schema.get("maxLength") or max(fitting))
        self.assertEqual(control.findtext("defaultValue"), default)

    def test_explanations(self):
        """Each policy explains its setting in the schema's words, with name, default, example and what it overrides."""
        for key, policy, _ in self.values():
            with self.subTest(setting=key):
                schema, _ = about(key)
                text = self.strings[f"{policy.get('name')}Explained"]
                description = schema["description"].replace("false: ", "")
                self.assertIn(description[1:], text)
                example = schema["examples"][0]
                self.assertIn(f"Example: {example if isinstance(example, str) else json.dumps(example)}.", text)
                self.assertIn(f"it is called {key}.", text)
                self.assertIn(" Default: ", text)
                self.assertIn("it overrides config.json and what users set", text)

    def test_alternatives(self):
        """Each policy that excludes others names them."""
        for key, policy, _ in self.values():
            _, holder = about(key)
            others = [choice["required"][0] for choice in holder.get("oneOf", [])]
            if key.split(".")[-1] not in others:
                continue
            titles = [self.strings[other.get("name")] for value, other, _ in self.values()
                      if value.split(".")[0] == key.split(".")[0] and value.split(".")[-1] in others]
            self.assertEqual(len(titles), len(others))
            for title in titles:
                with self.subTest(setting=key, title=title):
                    self.assertIn(f'"{title}"', self.strings[f"{policy.get('name')}Explained"])

    def test_tray(self):
        """The policies whose settings the tray locks say so, and no others."""
        view = (ROOT / "tray/settings_view.cpp").read_text(encoding="utf-8")
        fields = re.findall(r'\{"(\w+)", SettingsField::', view)
        self.assertGreater(len(fields), 4)
        for key, policy, _ in self.values():
            with self.subTest(setting=key):
                is_shown = key.split(".")[0] in fields and (key == "keep.last" or not key.startswith("keep."))
                self.assertEqual("In the tray" in self.strings[f"{policy.get('name')}Explained"], is_shown)

    def test_single_datasets(self):
        """The policy for single datasets is a list under a key of its own, and explains with examples that are good."""
        lists = list(self.admx.iter("list"))
        self.assertEqual([element.attrib for element in lists],
                         [{"id": "Datasets", "key": rf"{KEY}\datasets", "additive": "true", "explicitValue": "true"}])
        reader = (ROOT / "service/platform/machine_config_windows.cpp").read_text(encoding="utf-8")
        for key in (KEY, rf"{KEY}\datasets"):
            self.assertIn('L"%s"' % key.replace("\\", r"\\"), reader)
        text = self.strings["DatasetsExplained"]
        for key in settings():
            self.assertRegex(text, rf"\b{re.escape(key)}\b")
        examples = re.findall(r"^([a-z0-9-]+)\.([\w.]+) = (.+)$", text, re.MULTILINE)
        self.assertGreater(len(examples), 2)
        for dataset, key, value in examples:
            with self.subTest(setting=key):
                self.assertIn(key, settings())
                self.assertEqual([dataset], dataset_schema()["id"]["examples"])
                self.assertIn(value, [str(example) if isinstance(example, str) else json.dumps(example)
                                      for example in about(key)[0]["examples"]])


if __name__ == "__main__":
    unittest.main()
