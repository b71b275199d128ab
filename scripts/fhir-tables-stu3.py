"""Makes the element table of FHIR STU3 (crates/fhir/src/format/stu3.tables), in the form that fhir-tables.mjs gives R4's.

    pip install fhir.resources==8.3.0
    python scripts/fhir-tables-stu3.py > crates/fhir/src/format/stu3.tables

No package of definitions for STU3 lies at hand in npm; the Python package fhir.resources carries classes that are generated from
them, with order, types, cardinality and codes. Its sources are read as text. The table holds facts only (FHIR STU3 3.0.2); no prose.
"""
import ast
import importlib.util
import pathlib
import re
import sys

RESOURCES = [
    # the plan and the people around it
    "Patient", "RelatedPerson", "Practitioner", "PractitionerRole", "Organization", "Encounter", "Procedure", "Consent", "Goal",
    "Observation", "Condition", "DeviceUseStatement", "Device", "CommunicationRequest", "QuestionnaireResponse", "Questionnaire",
    # exchange around it
    "Communication", "Binary",
    # the API itself
    "Bundle", "OperationOutcome", "Parameters", "CapabilityStatement", "SearchParameter", "ValueSet",
]
# The package lists these codes as far as the element's short text does, which breaks them off with a plus.
WHOLE = {
    # The short text is a sentence here, and the codes are open.
    "CapabilityStatement.format": "",
    "Observation.status": "registered preliminary final amended corrected cancelled entered-in-error unknown",
    "Encounter.status": "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown",
    "Encounter.statusHistory.status": "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown",
    "DeviceUseStatement.status": "active completed entered-in-error intended stopped on-hold",
}
# A set longer than this is a vocabulary rather than a choice.
LONGEST_SET = 64
PRIMITIVES = {
    "Base64Binary": "base64Binary", "Boolean": "boolean", "Code": "code", "Date": "date", "DateTime": "dateTime",
    "Decimal": "decimal", "Id": "id", "Instant": "instant", "Integer": "integer", "Markdown": "markdown", "Oid": "oid",
    "PositiveInt": "positiveInt", "String": "string", "Time": "time", "UnsignedInt": "unsignedInt", "Uri": "uri",
    "Uuid": "uuid", "Xhtml": "xhtml",
}

spec = importlib.util.find_spec("fhir.resources")
if spec is None:
    sys.exit("use: pip install fhir.resources==8.3.0 first")
FOLDER = pathlib.Path(spec.submodule_search_locations[0]) / "STU3"


class Class:
    """One class of the package: its elements in order."""

    def __init__(self, node):
        self.name = node.name
        self.base = node.bases[0].attr if isinstance(node.bases[0], ast.Attribute) else node.bases[0].id
        self.fields = {}
        self.order = []
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.value, ast.Call):
                words = {k.arg: k.value for k in item.value.keywords}
                extra = ast.literal_eval(words["json_schema_extra"]) if "json_schema_extra" in words else {}
                alias = ast.literal_eval(words["alias"]) if "alias" in words else item.target.id
                if extra.get("element_property"):
                    needed = isinstance(words.get("default"), ast.Constant) and words["default"].value is ...
                    self.fields[alias] = (ast.unparse(item.annotation), extra, needed)
            if isinstance(item, ast.FunctionDef) and item.name == "elements_sequence":
                self.order = ast.literal_eval(item.body[-1].value)


classes = {}
for path in sorted(FOLDER.glob("*.py")):
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef) and node.bases:
            classes.setdefault(node.name, Class(node))

paths = {}  # class → path, for the parts
sets = {}
reached, waiting, written = set(), [], {}


def reach(name):
    if name not in reached and name not in PRIMITIVES.values():
        reached.add(name)
        waiting.append(name)


def plain(annotation):
    """The type behind an annotation, and whether it is a list."""
    many = "List[" in annotation
    found = re.search(r"fhirtypes\.(\w+?)Type\b", annotation)
    if found:
        return found.group(1), many
    return {"bool": "Boolean"}[re.search(r"\bbool\b", annotation).group(0)], many


def type_text(at, kind, extra):
    if kind in PRIMITIVES:
        codes = WHOLE[at].split() if at in WHOLE else extra.get("enum_values", [])
        if kind == "Code" and codes and "+" not in codes and not any(" " in c for c in codes) and len(codes) <= LONGEST_SET:
            name = at.replace(".", "-")
            sets[name] = codes
            return f"code({name})"
        return PRIMITIVES[kind]
    if kind == "Resource":
        return "Resource"
    if kind in paths:
        return paths[kind]
    reach(kind)
    return kind


def lines(name):
    """Lines of a class: itself, then its parts in order."""
    out = []

    def one(sort, path, cls, base):
        inherited = set() if base is None else set(classes[base].order) | set(classes[base].fields)
        inherited |= {"id", "extension", "modifierExtension"} if base else set()
        if sort == "resource":
            inherited |= {"meta", "implicitRules", "language"} | ({"text", "contained"} if base == "DomainResource" else set())
        elements, parts, choices = [], [], set()
        for alias in cls.order:
            if alias in inherited or alias not in cls.fields:
                continue
            annotation, extra, needed = cls.fields[alias]
            kind, many = plain(annotation)
            one_of = extra.get("one_of_many")
            if one_of:
                if one_of in choices:
                    continue
                choices.add(one_of)
                names = [a for a in cls.order if cls.fields.get(a, (0, {}))[1].get("one_of_many") == one_of]
                # A choice of references has a name for each kind of target here; in FHIR it is one.
                kinds = list(dict.fromkeys(type_text(f"{path}.{one_of}", plain(cls.fields[a][0])[0], {}) for a in names))
                sign = "!" if extra.get("one_of_many_required") else ""
                text = "any" if path == "Extension" else "|".join(kinds)
                if path == "Extension":
                    global ANY
                    ANY = "|".join(kinds)
                elif set(kinds) == set(ANY.split("|")):
                    text = "any"
                elements.append(f"{one_of}[x]:{text}{sign}")
                continue
            needed = needed or extra.get("element_required")
            sign = ("+" if needed else "*") if many else ("!" if needed else "")
            part = classes.get(kind)
            if part and kind not in paths and part.base in ("BackboneElement", "Element") and kind.startswith(cls.name) and kind != cls.name:
                paths[kind] = f"{path}.{alias}"
                parts.append((paths[kind], part))
            attribute = "@" if path == "Extension" and alias == "url" else ""
            elements.append(f"{alias}:{type_text(f'{path}.{alias}', kind, extra)}{attribute}{sign}")
        head = f"{sort} {path}" + (f" < {base}" if base else "")
        out.append(f"{head} :" + "".join(f" {e}" for e in elements))
        for part_path, part in parts:
            reach(part.base)
            one("part", part_path, part, part.base)

    cls = classes[name]
    base = None if name in ("Element", "Resource") else cls.base
    if base == "FHIRAbstractModel" or base == "FHIRResourceModel":
        base = None
    if base:
        reach(base)
    is_resource = name in ("Resource", "DomainResource") or base in ("Resource", "DomainResource")
    one("resource" if is_resource else "type", name, cls, base)
    return out


ANY = ""
# What the package's own base classes hold stands here in so many words.
FIXED = {
    "Element": "type Element : id:string@ extension:Extension*",
    "BackboneElement": "type BackboneElement < Element : modifierExtension:Extension*",
    "Resource": "resource Resource : id:id meta:Meta implicitRules:uri language:code",
    "DomainResource": "resource DomainResource < Resource : text:Narrative contained:Resource* extension:Extension* modifierExtension:Extension*",
}
reach("Extension")
for name in ("Meta", "Narrative", *RESOURCES):
    reach(name)
while waiting:
    name = waiting.pop(0)
    written[name] = [FIXED[name]] if name in FIXED else lines(name)

ordered = []


def put(name):
    if name in ordered or name not in written:
        return
    base = re.match(r"\w+ \w+ < (\w+) ", written[name][0])
    if base:
        put(base.group(1))
    ordered.append(name)


for name in FIXED:
    written.setdefault(name, [FIXED[name]])
    put(name)
for sort in ("type", "resource"):
    for name in sorted(written):
        if written[name][0].startswith(sort):
            put(name)

print("""# FHIR STU3 (3.0.2): elements of the resources this server handles and of the data types they reach.
# Made by scripts/fhir-tables-stu3.py from the Python package fhir.resources; make it again rather than edit it.
# How to read it stands at the head of r4.tables.
""")
for name in sorted(sets):
    print(f"set {name} {' '.join(sets[name])}")
print(f"any {ANY}")
for name in ordered:
    print("\n".join(written[name]))
