import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { RouteConfigEntry } from "@react-router/dev/routes";
import { createInstance } from "i18next";
import { expect, test } from "vitest";
import routes from "../routes.ts";
import { areasOf } from "./areas.ts";
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
  ["bucketSettings.cors.presets.*", ["app/routes/console/buckets/settings/cors/new.tsx"]],
  ["bucketSettings.quota.flash.*", ["app/routes/console/buckets/settings/quota.tsx"]],
  ["bucketSettings.versioning.done.*", ["app/ports/storage/bucket-settings.ts"]],
  ["bucketSettings.versioning.intro.*", ["app/ports/storage/bucket-settings.ts"]],
  ["bucketSettings.versioning.states.*", ["app/ports/storage/bucket-settings.ts"]],
  ["common.notice.*", ["app/ui/layout/notice.tsx"]],
  ["common.step.*", ["app/ui/layout/steps.tsx"]],
  ["emptying.outcomes.*", ["app/domain/emptying/settle-emptying.ts"]],
  ["emptying.progress.*", ["app/routes/console/buckets/emptying/emptying-progress.tsx"]],
  ["emptying.result.*", ["app/routes/console/buckets/emptying/emptying-result.tsx"]],
  ["errors.*", ["app/domain/errors.ts"]],
  ["errors.page.*.advice", ["app/ui/layout/error-page.tsx"]],
  ["errors.page.*.title", ["app/ui/layout/error-page.tsx"]],
  ["keySettings.clients.*", ["app/domain/access-keys/client-settings.ts"]],
  ["keySettings.list.filters.*", ["app/domain/access-keys/states.ts"]],
  ["keySettings.standing.*.text", ["app/routes/console/access-keys/key-standing.tsx"]],
  ["keySettings.standing.*.title", ["app/routes/console/access-keys/key-standing.tsx"]],
  ["keySettings.test.outcomes.*", ["app/domain/connection-test/results.ts"]],
  ["keySettings.test.own.*", ["app/routes/console/access-keys/own-machine.tsx"]],
  ["connectionTests.connection.*", ["app/domain/connection-test/results.ts"]],
  ["connectionTests.engine.*", ["app/domain/connection-test/results.ts"]],
  ["connectionTests.list.*", ["app/domain/connection-test/results.ts"]],
  ["connectionTests.name.*", ["app/domain/connection-test/results.ts"]],
  ["connectionTests.permission.*", ["app/domain/connection-test/results.ts"]],
  ["connectionTests.read.*", ["app/domain/connection-test/results.ts"]],
  ["connectionTests.signature.*", ["app/domain/connection-test/results.ts"]],
  ["connectionTests.tls.*", ["app/domain/connection-test/results.ts"]],
  ["connectionTests.write.*", ["app/domain/connection-test/results.ts"]],
  ["keySettings.test.steps.*", ["app/domain/connection-test/results.ts"]],
  ["notices.*.label", ["app/domain/notifications/kinds.ts"]],
  ["notices.*.text", ["app/domain/notifications/kinds.ts"]],
  ["notifications.decisions.*", ["app/domain/notifications/kinds.ts"]],
  ["notifications.groups.*", ["app/domain/notifications/kinds.ts"]],
  ["members.invitations.states.*", ["app/domain/invitations/states.ts"]],
  ["members.ownership.hints.*", ["app/domain/members/roles.ts"]],
  ["members.ownership.roles.*", ["app/domain/members/roles.ts"]],
  ["members.roleHints.*", ["app/domain/members/roles.ts"]],
  ["objects.deletion.*", ["app/domain/objects/read-versioning.ts", "app/ports/storage/bucket-settings.ts"]],
  [
    "objects.deletionOfMany.*",
    ["app/domain/objects/read-versioning.ts", "app/ports/storage/bucket-settings.ts"],
  ],
  ["objects.list.*", ["app/domain/objects/read-listing.ts"]],
  ["objects.list.*Advice", ["app/domain/objects/read-listing.ts"]],
  ["objects.object.*", ["app/domain/objects/read-object.ts"]],
  ["objects.object.*Advice", ["app/domain/objects/read-object.ts"]],
  ["objects.sharing.choices.*", ["app/domain/objects/share-hours.ts"]],
  ["profile.endSessions.*", ["app/domain/identity/sessions/states.ts"]],
  ["profile.endSessions.*Hint", ["app/domain/identity/sessions/states.ts"]],
  ["common.theme.*", ["app/domain/identity/profile/states.ts"]],
  ["identities.failure.*.advice", ["app/ui/sign-in/provider-failure.tsx"]],
  ["identities.failure.*.title", ["app/ui/sign-in/provider-failure.tsx"]],
  ["lifecycle.form.expirations.*", ["app/domain/lifecycle/states.ts"]],
  ["mail.states.*", ["app/domain/mail/states.ts"]],
  ["reconciliation.adopt.impact.*", ["app/domain/reconciliation/states.ts"]],
  ["reconciliation.kinds.*.text", ["app/domain/reconciliation/states.ts"]],
  ["reconciliation.kinds.*.title", ["app/domain/reconciliation/states.ts"]],
  ["reconciliation.obstacles.*", ["app/domain/reconciliation/choices.ts"]],
  ["reconciliation.problems.*", ["app/domain/reconciliation/states.ts"]],
  ["reconciliation.states.*", ["app/ui/reconciliation/finding-state.tsx"]],
  ["reconciliation.undo.impact.*", ["app/domain/reconciliation/states.ts"]],
  ["rotations.*.days", ["app/routes/console/access-keys/rotation/overlap-fields.tsx"]],
  ["rotations.*.overlap", ["app/routes/console/access-keys/rotation/overlap-fields.tsx"]],
  ["rotations.keys.*", ["app/domain/rotations/read-rotations.ts"]],
  ["rotations.lastUse.*", ["app/domain/access-keys/last-use.ts"]],
  ["rotations.mark.*", ["app/domain/rotations/read-rotations.ts"]],
  ["rotations.notice.old.*", ["app/ui/access-keys/rotation-notice.tsx"]],
  ["rotations.states.*", ["app/routes/console/access-keys/rotation/progress.tsx"]],
  ["rotations.undoing.done.*", ["app/domain/rotations/undo-rotation.ts"]],
  ["surveys.kinds.*", ["app/domain/surveys/states.ts"]],
  ["surveys.kindHints.*", ["app/domain/surveys/states.ts"]],
  ["surveys.problems.*", ["app/routes/console/surveys/survey-failed.tsx"]],
  ["usage.admin.outcomes.*", ["app/routes/admin/usage.tsx"]],
  ["usage.quotas.*", ["app/domain/quotas/grant-default-quotas.ts"]],
  ["users.filters.*", ["app/domain/identity/staff/states.ts"]],
  ["users.roles.*", ["app/domain/identity/staff/states.ts"]],
  ["users.roleHints.*", ["app/domain/identity/staff/states.ts"]],
  ["users.states.*", ["app/domain/identity/staff/states.ts"]],
  ["validation.*", [...code.keys()].filter((file) => file.startsWith("app/domain/"))],
  [
    "uploads.direct.problems.*",
    ["app/ui/uploads/direct/direct-upload.ts", "app/ui/uploads/direct/upload-queue.ts"],
  ],
  ["uploads.direct.states.*", ["app/ui/uploads/direct/upload-queue.ts"]],
  ["uploads.direct.unreachable.*", ["app/ui/uploads/direct/why-unreachable.ts"]],
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

/** What says its words on some of the pages that import it alone. */
const elsewhere = [
  // To the staff, on their own pages.
  "app/ui/reconciliation/finding-breadcrumbs.ts",
  "app/ui/storage-engine/engine-state.tsx",
  // On the server.
  "app/routes/console/access-keys/test.tsx",
  "app/routes/console/notifications/sentence.ts",
  "app/routes/console/notifications/preferences.tsx",
];

/** The areas of words that a module of pages asks for, and all that it imports. */
function areasAskedBy(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file) || elsewhere.includes(file)) return [];
  seen.add(file);
  const text = code.get(file) ?? "";
  const asked = [...text.matchAll(/\bt\(\s*["`](\w+)\./g)].map((match) => match[1] ?? "");
  const imported = [...text.matchAll(/^import (?!type\b)[^;]*? from "([^"]+)"/gms)].map(([, from = ""]) =>
    from.startsWith("#app/") ? from.slice(1) : normalize(join(dirname(file), from)),
  );
  const pages = imported.filter((path) => /^app\/(routes|ui)\//.test(path) && code.has(path));
  return [...asked, ...pages.flatMap((path) => areasAskedBy(path, seen))];
}

function missingAreas(entries: RouteConfigEntry[], base: string, around: string[]): string[] {
  return entries.flatMap((entry) => {
    const path = [base, entry.path].filter(Boolean).join("/");
    const chain = [...around, `app/${entry.file}`];
    if (entry.children?.length) return missingAreas(entry.children, path, chain);
    const loaded = areasOf(`/${path}`);
    const asked = new Set(chain.flatMap((file) => areasAskedBy(file)));
    return [...asked].filter((area) => !loaded.includes(area)).map((area) => `/${path}: ${area}`);
  });
}

test("a browser has the words that its page asks for", () => {
  expect(areasAskedBy("app/routes/admin/users/list.tsx")).toContain("users");
  expect(missingAreas(routes, "", ["app/root.tsx"])).toEqual([]);
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
