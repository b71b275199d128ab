// Compares our FHIR XML with that of an independent converter (npm package `fhir`), both ways.
//
//   node cross.mjs FOLDER
//
// FOLDER holds pairs: NAME.json, a resource, and NAME.xml, what we made of it. For each pair
//   1. the other converter reads our XML and must find the JSON again;
//   2. the other converter writes XML from the JSON, which must have the same elements and attributes, in the same order, as ours;
//   3. that XML is put beside the pair as NAME.theirs.xml, for our reader to find the JSON again (crates/fhir/tests/format.rs).
// Prints every difference by its path, without values. Exit 0: none; 1: differences; 2: wrong use.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Fhir } = require('fhir');
const convert = createRequire(require.resolve('fhir'))('xml-js');

const folder = process.argv[2];
if (!folder || !fs.existsSync(folder)) {
  console.error('use: node cross.mjs FOLDER');
  process.exit(2);
}

/** Paths at which two values differ. The order of keys in an object means nothing, that in a list does. */
function differences(ours, theirs, at = '') {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    // The other converter leaves out the nulls at the end of a list of ids and extensions.
    while (/(^|\.)_\w+$/.test(at) && theirs.length < ours.length && ours.at(-1) === null) ours = ours.slice(0, -1);
    if (ours.length !== theirs.length) return [`${at}: ${ours.length} and ${theirs.length} long`];
    return ours.flatMap((value, n) => differences(value, theirs[n], `${at}[${n}]`));
  }
  if (ours && theirs && typeof ours === 'object' && typeof theirs === 'object') {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    return keys.flatMap((key) => {
      const here = at ? `${at}.${key}` : key;
      if (!(key in ours)) return [`${here}: only theirs`];
      if (!(key in theirs)) return [`${here}: only ours`];
      // A narrative is compared by its elements: quotes and references may be written in more than one way.
      if (key === 'div' && typeof ours.div === 'string') return differences(tree(ours.div), tree(theirs.div), here);
      return differences(ours[key], theirs[key], here);
    });
  }
  // The other converter gives decimals as text, to keep their precision.
  if (typeof ours === 'number' && typeof theirs === 'string') return differences(ours, Number(theirs), at);
  return Object.is(ours, theirs) ? [] : [`${at}: different`];
}

/** An XML text as nested elements with attributes, comments left out, for comparison. */
function tree(xml) {
  const clean = (node) => ({
    name: node.name,
    attributes: Object.fromEntries(Object.entries(node.attributes ?? {}).map(([key, value]) => [key, String(value)])),
    // Neighbouring texts are one, and blanks between elements are none.
    text: (node.elements ?? []).filter((e) => e.type === 'text' || e.type === 'cdata').map((e) => e.text ?? e.cdata).join('').trim(),
    elements: (node.elements ?? []).filter((e) => e.type === 'element').map(clean),
  });
  return clean(convert.xml2js(xml).elements.find((e) => e.type === 'element'));
}

const other = new Fhir();
let pairs = 0;
let found = 0;
for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
  const name = file.slice(0, -'.json'.length);
  const resource = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
  const ourXml = fs.readFileSync(path.join(folder, `${name}.xml`), 'utf8');
  pairs += 1;
  const lines = [];
  try {
    lines.push(...differences(resource, other.xmlToObj(ourXml)).map((line) => `reading ours: ${line}`));
    const theirXml = other.objToXml(resource);
    fs.writeFileSync(path.join(folder, `${name}.theirs.xml`), theirXml);
    lines.push(...differences(tree(ourXml), tree(theirXml)).map((line) => `writing: ${line}`));
  } catch (error) {
    lines.push(`the other converter failed: ${error.message}`);
  }
  found += lines.length;
  for (const line of lines.slice(0, 20)) console.log(`${name}: ${line}`);
}
console.log(`${pairs} pairs, ${found} differences`);
process.exitCode = pairs === 0 ? 2 : found > 0 ? 1 : 0;
