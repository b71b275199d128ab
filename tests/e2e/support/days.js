// Days as the Netherlands count them.

/** A day so many days from today: as FHIR writes it and as a person types it. */
export function day(distance = 0) {
  const iso = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(Date.now() + distance * 86_400_000);
  return { iso, typed: iso.split('-').reverse().join('-') };
}
