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

/** The application's code by file. */
const code = new Map(
  globSync("app/**/*.{ts,tsx}", { exclude: ["**/*.test.*", "**/*.d.ts", "app/generated/**"] }).map((file) => [
    file,
    readFileSync(file, "utf8"),
  ]),
);

test("every key that the code asks for exists", async () => {
  const i18n = createInstance({ ...i18nOptions, resources, lng: "en" });
  await i18n.init();
  const asked = [...code].flatMap(([file, text]) =>
    [...text.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => ({ file, key: match[1] ?? "" })),
  );
  expect(asked.length).toBeGreaterThan(50);
  const unknown = asked.filter(({ key }) => !i18n.exists(key) && !i18n.exists(key, { count: 1 }));
  expect(unknown).toEqual([]);
});

/** Keys whose `*` is put in when the page is made, and the files that have the words which can stand there. */
const builtKeys: [pattern: string, files: string[]][] = [
  ["admin.engine.conditions.*", ["app/domain/storage-engine/read-engine.ts"]],
  ["admin.engine.kinds.*", ["app/ports/storage/capabilities.ts"]],
  ["admin.engine.limitations.*.text", ["app/ports/storage/capabilities.ts"]],
  ["admin.engine.limitations.*.title", ["app/ports/storage/capabilities.ts"]],
  ["admin.engine.tenancies.*", ["app/ports/storage/capabilities.ts"]],
  ["accessKeys.permissions.*", ["app/domain/access-keys/schema.ts"]],
  ["accessKeys.permissionHints.*", ["app/domain/access-keys/schema.ts"]],
  ["accessKeys.states.*", ["app/routes/console/access-keys/access-key-state.tsx"]],
  ["accounts.navigation.*", ["app/routes/console/account-layout.tsx"]],
  ["accounts.rejectionCauses.*", ["app/domain/accounts/states.ts", "app/domain/accounts/open-account.ts"]],
  ["accounts.roles.*", ["app/domain/authorization.ts"]],
  ["accounts.standing.*.text", ["app/domain/accounts/states.ts"]],
  ["accounts.standing.*.title", ["app/domain/accounts/states.ts"]],
  ["accounts.states.*", ["app/domain/accounts/states.ts"]],
  ["buckets.problems.*", ["app/ports/storage/errors.ts", "app/domain/buckets/states.ts"]],
  ["buckets.standing.*", ["app/routes/console/buckets/bucket-standing.tsx"]],
  ["buckets.states.*", ["app/routes/console/buckets/bucket-state.tsx"]],
  ["common.notice.*", ["app/ui/layout/notice.tsx"]],
  ["common.step.*", ["app/ui/layout/steps.tsx"]],
  ["errors.*", ["app/domain/errors.ts"]],
  ["errors.page.*.advice", ["app/ui/layout/error-page.tsx"]],
  ["errors.page.*.title", ["app/ui/layout/error-page.tsx"]],
  ["notices.*.label", ["app/domain/notifications/kinds.ts"]],
  ["notices.*.text", ["app/domain/notifications/kinds.ts"]],
  ["notifications.decisions.*", ["app/domain/notifications/kinds.ts"]],
  ["notifications.groups.*", ["app/domain/notifications/kinds.ts"]],
  ["members.invitations.states.*", ["app/domain/invitations/states.ts"]],
  ["members.ownership.hints.*", ["app/domain/members/roles.ts"]],
  ["members.ownership.roles.*", ["app/domain/members/roles.ts"]],
  ["members.roleHints.*", ["app/domain/members/roles.ts"]],
  ["profile.endSessions.*", ["app/domain/identity/sessions/states.ts"]],
  ["profile.endSessions.*Hint", ["app/domain/identity/sessions/states.ts"]],
  ["profile.theme.*", ["app/domain/identity/profile/states.ts"]],
  ["identities.failure.*.advice", ["app/ui/sign-in/provider-failure.tsx"]],
  ["identities.failure.*.title", ["app/ui/sign-in/provider-failure.tsx"]],
  ["mail.states.*", ["app/domain/mail/states.ts"]],
  ["reconciliation.adopt.impact.*", ["app/domain/reconciliation/states.ts"]],
  ["reconciliation.kinds.*.text", ["app/domain/reconciliation/states.ts"]],
  ["reconciliation.kinds.*.title", ["app/domain/reconciliation/states.ts"]],
  ["reconciliation.obstacles.*", ["app/domain/reconciliation/choices.ts"]],
  ["reconciliation.problems.*", ["app/domain/reconciliation/states.ts"]],
  ["reconciliation.states.*", ["app/ui/reconciliation/finding-state.tsx"]],
  ["reconciliation.undo.impact.*", ["app/domain/reconciliation/states.ts"]],
  ["usage.admin.outcomes.*", ["app/routes/admin/usage.tsx"]],
  ["usage.quotas.*", ["app/domain/quotas/grant-default-quotas.ts"]],
  ["users.filters.*", ["app/domain/identity/staff/states.ts"]],
  ["users.roles.*", ["app/domain/identity/staff/states.ts"]],
  ["users.roleHints.*", ["app/domain/identity/staff/states.ts"]],
  ["users.states.*", ["app/domain/identity/staff/states.ts"]],
  ["validation.*", [...code.keys()].filter((file) => file.startsWith("app/domain/"))],
];

test("the code asks for every key; what mail says is held by emails/render.test.ts", () => {
  const whole = [...code.values()].join("\n");
  const isBuilt = (key: string) =>
    builtKeys.some(([pattern, files]) => {
      const [start = "", end = ""] = pattern.split("*");
      const word = key.slice(start.length, end ? -end.length : undefined);
      if (key !== start + word + end || !/^[\w-]+$/.test(word)) return false;
      return files.some((file) => new RegExp(`\\b${word}\\b`).test(code.get(file) ?? ""));
    });
  const unused = keysOf("en").filter(
    (key) => !key.startsWith("emails.") && !whole.includes(`"${key}"`) && !isBuilt(key),
  );
  expect(unused).toEqual([]);
});

test("what only the staff's pages say, other pages do not ask for: their browsers do not have it", () => {
  // Shown to staff alone, or at addresses that browser.ts names.
  const alike = [
    "app/routes/auth/invitation-header.tsx",
    "app/routes/auth/recovery.tsx",
    "app/ui/reconciliation/finding-breadcrumbs.ts",
    "app/ui/storage-engine/engine-state.tsx",
  ];
  const asking = [...code].filter(([, text]) => /\bt\(\s*["`](admin|mail|users)\./.test(text));
  expect(asking.length).toBeGreaterThan(10);
  const elsewhere = asking
    .map(([file]) => file)
    .filter((file) => !file.startsWith("app/routes/admin/") && !alike.includes(file));
  expect(elsewhere).toEqual([]);
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
