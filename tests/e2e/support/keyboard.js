// Hands that know the keyboard only.
import { expect } from '@playwright/test';

const MOST_STOPS = 600;

/** Presses Tab until the focus is on `target`. */
export async function tabTo(page, target) {
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${target}`);
}

/** What has the focus; `atEnd` where that is `end`. One question to the browser, for there are many stops. */
function focused(page, end) {
  return page.evaluate((last) => {
    const element = document.activeElement;
    const atEnd = element === last;
    const kind = element.matches('input') ? element.type : element.localName;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const shown = box.width > 0 && box.height > 0 && style.visibility !== 'hidden';
    const label = element.labels?.[0]?.textContent.trim() ?? element.textContent.trim();
    const group = element.closest('fieldset')?.querySelector('legend')?.textContent.trim() ?? '';
    const folded = kind === 'summary' && !element.parentElement.open;
    return { atEnd, folded, kind, name: element.name ?? '', value: element.value ?? '', checked: Boolean(element.checked), shown, label, group };
  }, end);
}

/**
 * Answers a form from where the focus is, Tab by Tab, until the focus is on `end`.
 * `answers` has a value for each field by its name; a list for boxes that may be ticked together; `undefined` to leave one as it is.
 * A question without an entry would go unanswered: that fails. A further row of a group that repeats may stay as it is, and
 * nothing is left out on purpose ('niet.…').
 */
export async function answerByKeyboard(page, answers, end) {
  const given = new Set();
  const unknown = [];
  const last = await end.elementHandle();
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    await page.keyboard.press('Tab');
    const field = await focused(page, last);
    if (field.atEnd) {
      expect(unknown, 'questions without an answer in this test').toEqual([]);
      return given;
    }
    if (field.folded) await page.keyboard.press('Enter');
    if (!field.name || ['a', 'button', 'summary', 'submit'].includes(field.kind)) continue;
    expect(field.shown, `the focus is on something that cannot be seen: ${field.name}`).toBe(true);
    expect(field.label || field.group, `${field.name} has a name that can be heard`).not.toBe('');
    if (!(field.name in answers)) {
      if (!/^niet\.|\.\d+$/.test(field.name)) unknown.push(`${field.name} (${field.group} ${field.label})`);
      continue;
    }
    given.add(field.name);
    const wanted = answers[field.name];
    if (wanted !== undefined) await answer(page, field, wanted);
  }
  throw new Error('Tab does not come to the end of the form');
}

async function answer(page, field, wanted) {
  if (field.kind === 'radio') {
    const [one] = [wanted].flat();
    // Tab comes to one button of the group; arrows go round and choose.
    for (let turns = 0; ; turns += 1) {
      const now = await focused(page);
      if (now.value === one) {
        if (!now.checked) await page.keyboard.press('Space');
        return;
      }
      if (turns > 30) throw new Error(`${field.name} has no answer ${wanted}`);
      await page.keyboard.press('ArrowDown');
    }
  }
  if (field.kind === 'checkbox') {
    if ([wanted].flat().includes(field.value) !== field.checked) await page.keyboard.press('Space');
    return;
  }
  if (field.kind === 'select') {
    for (let turns = 0; (await focused(page)).value !== wanted; turns += 1) {
      if (turns > 400) throw new Error(`${field.name} has no answer ${wanted}`);
      await page.keyboard.press('ArrowDown');
    }
    return;
  }
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(wanted);
}
