// A whole form: every question answered, by linkId, and what FHIR must say of it afterwards.
import { day } from './days.js';

/** Answers of the form by field name; a field of a group that repeats has its row behind it. */
export function wholeForm(mark) {
  return {
    963: day(-1).typed,
    // Who held the conversation is filled in for who is signed in.
    968: undefined,
    969: undefined,
    970: undefined,
    1405: undefined,
    // 1. Capacity and representative.
    1651: 'false',
    1407: `Begrijpt de gevolgen niet meer ${mark}`,
    973: 'Mirjam',
    974: 'van',
    975: 'Proef',
    '976.0': '0612345678',
    '977.0': 'MC',
    '978.0': 'HP',
    '979.0': 'liefst na vijven',
    '980.0': 'mirjam@example.org',
    '981.0': 'HP',
    982: ['24', '09'],
    411: 'bewindvoerder',
    983: 'OTH',
    408: 'nicht',
    984: 'false',
    985: 'Karel',
    986: 'de',
    987: 'Proef',
    '988.0': '0201234567',
    '989.0': 'LL',
    '990.0': 'WP',
    '991.0': 'vraag naar Karel',
    '992.0': 'karel@example.org',
    '993.0': 'WP',
    995: 'OTH',
    412: 'buurman',
    // 2. Who was there.
    82: ['Patiënt'],
    997: ['15', '09'],
    414: 'bewindvoerder',
    998: ['DAUC', 'OTH'],
    413: 'nicht',
    // Life wishes (decision 20): in exchange lines of 5a.
    'life-wish.0': `Weer zelf lopen ${mark}`,
    'life-action.0': 'fysiotherapie aanvragen',
    'life-by.0': 'de huisarts',
    'life-until.0': '01-06-2030',
    // 3. Goal.
    999: '713148004',
    // 4. Treatment limits.
    1386: '1',
    1001: `Alleen op de hartbewaking ${mark}`,
    1002: `Wil waardig sterven ${mark}`,
    1387: '2',
    1388: '',
    1389: `Geen buis ${mark}`,
    1390: '2',
    1391: '',
    1392: `Geen IC ${mark}`,
    1393: '1',
    1394: `Alleen voor een breuk ${mark}`,
    1395: `Thuis is beter ${mark}`,
    1396: '0',
    1397: '',
    1398: `Om benauwdheid te voorkomen ${mark}`,
    1399: 'UNK',
    1400: '',
    1401: `Nog over praten ${mark}`,
    1402: '2',
    1404: `Geen sondevoeding ${mark}`,
    1006: '373066001',
    1008: '465460004',
    1009: `Geplaatst in 2018 ${mark}`,
    1005: '0',
    1010: `In de laatste weken ${mark}`,
    // 5. Wishes.
    1190: `Praat langzaam met mij ${mark}`,
    1191: 'OTH',
    1192: `In het huisje aan zee ${mark}`,
    1193: '340191000146100',
    1194: `Wil er nog over praten ${mark}`,
    1435: '373067005',
    // 6. What else.
    1196: `De kleinkinderen ${mark}`,
    // Other agreements (decision 21): in exchange lines of 6.
    'other-text.0': `Palliatieve sedatie bij benauwdheid ${mark}`,
    'other-condition.0': 'als niets anders helpt',
    'other-state.0': 'not-yet-current',
    // 7. Recorded earlier.
    1197: '373066001',
    1198: `Een NR-verklaring thuis in de la ${mark}`,
    1199: '373067005',
    // 8. Sharing.
    1200: 'true',
    1201: '441898007',
  };
}

/** Questions whose answer is a free text with the mark in it: each must come back over FHIR to the letter. */
export function texts(form, mark) {
  const marked = Object.entries(form).filter(([, value]) => typeof value === 'string' && value.endsWith(mark));
  return marked.filter(([name]) => /^\d+$/.test(name) && !['1190', '1196'].includes(name));
}

/** Questions whose answer holds further lines in exchange, with each text that must be among them. */
export function lines(form) {
  return [
    ['1190', [form['1190'], form['life-wish.0']]],
    ['1196', [form['1196'], form['other-text.0']]],
  ];
}
