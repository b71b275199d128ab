// The plan's form: its topics are folded to a line each.

/** Opens a topic, unless it is open. */
export async function unfold(page, label) {
  const topic = page.locator('details', { has: page.locator('summary .label').getByText(label, { exact: true }) });
  if ((await topic.getAttribute('open')) === null) await topic.locator('summary').click();
}

/** The topic in which a question stands. */
export async function topicOf(page, name) {
  return page.locator('details', { has: page.locator(`[name="${name}"]`) }).locator('summary .label').innerText();
}
