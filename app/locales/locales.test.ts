import { globSync, readFileSync } from "node:fs";
import { createInstance } from "i18next";
import { expect, test } from "vitest";
import { i18nOptions } from "./i18n-options.ts";
import { defaultLocale, type Locale, locales, negotiateLocale } from "./index.ts";
import { resources } from "./resources.server.ts";

/** Every string of a language by its whole key. */
function stringsOf(locale: Locale): Map<string, string> {
  const strings = new Map<string, string>();
  const walk = (node: object, path: string[]) => {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === "string") strings.set([...path, key].join("."), value);
      else walk(value, [...path, key]);
    }
  };
  walk(resources[locale].translation, []);
  return strings;
}

const pluralSuffix = /_(zero|one|two|few|many|other)$/;

/** Keys without their plural suffixes: languages differ in how many plural forms they have. */
function keysOf(locale: Locale): string[] {
  return [...new Set([...stringsOf(locale).keys()].map((key) => key.replace(pluralSuffix, "")))].sort();
}

function placeholdersOf(text: string): string[] {
  return [...new Set(text.match(/\{\{\s*[^}]+\}\}/g))].sort();
}

test("both languages say the same things", () => {
  expect(keysOf("pt-BR")).toEqual(keysOf("en"));
});

test("a plural has every form of its language", () => {
  const missing = locales.flatMap((locale) => {
    const strings = stringsOf(locale);
    const plurals = new Set(
      [...strings.keys()].filter((key) => pluralSuffix.test(key)).map((key) => key.replace(pluralSuffix, "")),
    );
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    return [...plurals].flatMap((key) =>
      forms.filter((form) => !strings.has(`${key}_${form}`)).map((form) => `${locale}: ${key}_${form}`),
    );
  });
  expect(missing).toEqual([]);
});

test("both languages fill in the same values", () => {
  const placeholders = (locale: Locale) => {
    const byKey = new Map<string, string[]>();
    for (const [key, text] of stringsOf(locale)) {
      const base = key.replace(pluralSuffix, "");
      byKey.set(base, [...new Set([...(byKey.get(base) ?? []), ...placeholdersOf(text)])].sort());
    }
    return Object.fromEntries([...byKey].sort(([a], [b]) => a.localeCompare(b)));
  };
  expect(placeholders("pt-BR")).toEqual(placeholders("en"));
});

test("no string is empty", () => {
  const empty = locales.flatMap((locale) =>
    [...stringsOf(locale)].filter(([, text]) => text.trim() === "").map(([key]) => `${locale}: ${key}`),
  );
  expect(empty).toEqual([]);
});

test("every key that the code asks for exists", async () => {
  const i18n = createInstance({ ...i18nOptions, resources, lng: "en" });
  await i18n.init();
  const asked = globSync("app/**/*.{ts,tsx}", {
    exclude: ["**/*.test.ts", "**/*.d.ts", "app/generated/**"],
  }).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => ({
      file,
      key: match[1] ?? "",
    })),
  );
  expect(asked.length).toBeGreaterThan(50);
  const unknown = asked.filter(({ key }) => !i18n.exists(key) && !i18n.exists(key, { count: 1 }));
  expect(unknown).toEqual([]);
});

test.each<[header: string | null, expected: Locale | null]>([
  [null, null],
  ["", null],
  ["pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"],
  ["pt", "pt-BR"],
  ["pt-PT,pt;q=0.9,en;q=0.8", "pt-BR"],
  ["en-GB,en;q=0.9", "en"],
  ["EN-us", "en"],
  ["en;q=0.4, pt;q=0.7", "pt-BR"],
  ["fr, en-GB;q=0.8, pt;q=0.5", "en"],
  ["en;q=0, pt", "pt-BR"],
  ["fr,de;q=0.7", null],
  ["*", null],
  ["🪣;q=x,,;", null],
])("Accept-Language %j is answered in %j", (header, expected) => {
  expect(negotiateLocale(header)).toBe(expected);
});

test("Portuguese is for those who ask for neither language", () => {
  expect(defaultLocale).toBe("pt-BR");
});
