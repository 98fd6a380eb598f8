/** The languages that Balde speaks. The first is the one for people whose browser asks for neither. */
export const locales = ["pt-BR", "en"] as const;

export type Locale = (typeof locales)[number];

export const defaultLocale: Locale = "pt-BR";

/** Each language in its own words, for the language switch. */
export const localeNames: Record<Locale, string> = { "pt-BR": "Português", en: "English" };

/** Whether a value from outside (a cookie, a form) is a language that Balde speaks. */
export function isLocale(value: unknown): value is Locale {
  return locales.includes(value as Locale);
}

/**
 * The best of our languages for an Accept-Language header, or null where it names none of them.
 *
 * Every Portuguese maps to pt-BR and every English to en: a reader from Lisbon is better served by
 * pt-BR than by a second language. Order is by quality, then as written (RFC 9110, 12.5.4).
 */
export function negotiateLocale(acceptLanguage: string | null): Locale | null {
  const ranges = (acceptLanguage ?? "").split(",").map((range) => {
    const [tag = "", ...parameters] = range.trim().split(";");
    const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
    return { language: tag.split("-")[0]?.toLowerCase(), quality: weight === undefined ? 1 : Number(weight) };
  });
  const wanted = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  for (const { language } of wanted) {
    const match = locales.find((locale) => locale.split("-")[0] === language);
    if (match) return match;
  }
  return null;
}
