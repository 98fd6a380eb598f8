// A person's notifications, as pages in both languages and as JSON: only their own, and no GET changes them.
import { randomUUID } from "node:crypto";
import { matchRoutes, type RouteObject } from "react-router";
import { beforeEach, describe, expect, test } from "vitest";
import { kindNames, type ListedKind } from "#app/domain/notifications/kinds.ts";
import { subjectPath } from "#app/domain/notifications/subject-path.ts";
import { type Answer, type Visitor, visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { addresses } from "#tests/support/routes.ts";
import {
  makeAccount,
  makeMember,
  makeUser,
  signIn,
  type TestAccount,
  type TestUser,
} from "#tests/support/scenario.ts";
import { htmlProblems } from "#tests/support/valid-html.ts";

const has = (answer: Answer, words: string) => answer.text.includes(words);
const english = { "Accept-Language": "en" };

let account: TestAccount;
let owner: TestUser;
let browser: Visitor;

beforeEach(async () => {
  account = await makeAccount();
  owner = await makeMember(account, "owner");
  browser = visitor(await signIn(owner));
});

type Data = Record<string, string | number>;

/** A notification as `notify` leaves it; answers its id. */
async function tell(
  kind: ListedKind,
  data: Data = {},
  to: TestUser = owner,
  about = account,
): Promise<string> {
  const id = randomUUID();
  await queryAsOwner(
    "INSERT INTO notification (id, user_id, account_id, kind, data) VALUES ($1, $2, $3, $4, $5)",
    [id, to.id, about.id, kind, JSON.stringify(data)],
  );
  return id;
}

async function unreadOf(user: TestUser): Promise<number> {
  const rows = await queryAsOwner("SELECT 1 FROM notification WHERE user_id = $1 AND read_at IS NULL", [
    user.id,
  ]);
  return rows.length;
}

async function expectPage(answer: Answer, ...words: string[]): Promise<void> {
  expect(answer.status).toBe(200);
  // A failure shows what is missing, and not the whole page.
  expect(words.filter((word) => !answer.text.includes(word))).toEqual([]);
  expect(await htmlProblems(answer.text)).toEqual([]);
}

/** What a page says, without its markup. */
function textOf(answer: Answer): string {
  return answer.text
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}

/** Data that each kind may come with, all at once. */
const everyData: Data = {
  name: "Bia",
  email: "bia@example.test",
  providerName: "Acme ID",
  role: "developer",
  left: 7,
  keyId: "0190aaaa-0000-7000-8000-000000000000",
  bucketId: "0190bbbb-0000-7000-8000-000000000000",
  outcome: "finished",
  removed: 1234,
  expiresAt: "2026-12-31T02:59:59.999Z",
  until: "2026-12-31T12:00:00.000Z",
  resource: "storage_bytes",
  percent: 80,
  decision: "approved",
  number: "2026-000001",
  amountCents: 123456,
  currency: "BRL",
  dueOn: "2026-12-10",
};
const listedKinds = kindNames.filter((kind): kind is ListedKind => kind !== "email-changed");

describe("the list", () => {
  test("says in words what is unread, whose account it is about, and leads there", async () => {
    await tell("member-joined", { name: "Bia <b>" });
    const page = await browser.get("/notifications", english);
    await expectPage(page, "Bia &lt;b&gt; joined the account.", `href="/accounts/${account.slug}/members"`);
    expect(textOf(page)).toMatch(/Unread .*Mark as read/);
    expect(textOf(page)).toContain("Conta ");
    await expectPage(await browser.get("/notifications"), "passou a fazer parte da conta", "Não lida");
  });

  test("has a sentence for every kind in both languages, with nothing left out", async () => {
    for (const kind of listedKinds) await tell(kind, everyData);
    for (const headers of [english, {}] as Record<string, string>[]) {
      const first = await browser.get("/notifications", headers);
      await expectPage(first);
      const older = /href="[^"?]*(\?after=[^"]+)"/.exec(first.text)?.[1]?.replaceAll("&amp;", "&");
      const second = await browser.get(`/notifications${older}`, headers);
      await expectPage(second);
      for (const page of [first, second])
        expect(textOf(page)).not.toMatch(/\{\{|undefined|NaN|notices\.|Invalid/);
      const text = `${textOf(first)} ${textOf(second)}`.replaceAll("\u00a0", " ");
      expect(text).toContain(headers === english ? "You have 7 left" : "Códigos restantes: 7");
      expect(text).toContain(
        headers === english
          ? "R$1,234.56, is due on Dec 10, 2026"
          : "de R$ 1.234,56, vence em 10 de dez. de 2026",
      );
      expect(text).toContain(
        headers === english ? "works until Dec 30, 2026" : "funciona até 30 de dez. de 2026",
      );
      expect(text).toContain(
        headers === english ? "80% of a limit: Storage" : "80% de um limite: Armazenamento",
      );
    }
  });

  test("every link leads to a page that there is", () => {
    const table: RouteObject[] = addresses
      .filter(({ isApi, isPage }) => isPage && !isApi)
      .map(({ pattern }) => ({ path: pattern, id: pattern }));
    const withoutPage = listedKinds.filter((kind) => {
      const path = subjectPath(kind, { account: "padaria", data: everyData });
      return path !== null && matchRoutes(table, path)?.at(-1)?.route.id?.includes("*") !== false;
    });
    // Their pages come with invoices.
    expect(withoutPage).toEqual(["invoice-issued", "invoice-due", "invoice-overdue", "invoice-paid"]);
  });

  test("filters by what it is about and by what is unread; each emptiness says what it is", async () => {
    await expectPage(await browser.get("/notifications", english), "No notifications yet");
    const id = await tell("member-joined", { name: "Bia" });
    await tell("password-changed");
    const team = await browser.get("/notifications?group=team&unread=on", english);
    await expectPage(team, "Bia joined");
    expect(has(team, "Your password")).toBe(false);
    await expectPage(await browser.get("/notifications?group=billing", english), "Nothing here");
    await browser.json(`/api/notifications/${id}/read`);
    await expectPage(await browser.get("/notifications?group=team&unread=on", english), "Nothing here");
    await browser.json("/api/notifications/read-all");
    await expectPage(await browser.get("/notifications?unread=on", english), "All read");
    // The staff's group is not offered to others.
    expect(has(team, 'value="operations"')).toBe(false);
  });
});

describe("reading", () => {
  test("no GET marks anything, and the buttons do: one, or all that the page showed", async () => {
    const id = await tell("password-changed");
    await tell("second-factor-enabled");
    for (const path of ["/notifications", `/notifications/${id}/reading`, "/notifications/reading"])
      await browser.get(path);
    expect(await unreadOf(owner)).toBe(2);

    const one = await browser.post(`/notifications/${id}/reading?group=security`, {}, english);
    expect([one.status, one.location]).toEqual([302, "/notifications?group=security"]);
    expect(await unreadOf(owner)).toBe(1);
    await expectPage(await browser.get("/notifications", english), "Marked as read.");

    const page = await browser.get("/notifications", english);
    const until = /name="until" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
    await new Promise((resolve) => setTimeout(resolve, 5));
    await tell("password-changed");
    expect((await browser.post("/notifications/reading", { until })).location).toBe("/notifications");
    expect(await unreadOf(owner)).toBe(1);
    await browser.post("/notifications/reading", { until: "yesterday" });
    expect(await unreadOf(owner)).toBe(1);
  });

  test("8.2.2: another person's notification does not exist, and stays as it is", async () => {
    const other = await makeMember(account, "owner");
    const id = await tell("member-joined", { name: "Segredo" }, other);
    expect(has(await browser.get("/notifications"), "Segredo")).toBe(false);
    expect((await browser.get("/api/notifications")).json().notifications).toEqual([]);
    for (const notification of [id, randomUUID(), "no-id"]) {
      expect((await browser.post(`/notifications/${notification}/reading`)).status).toBe(404);
      const answer = await browser.json(`/api/notifications/${notification}/read`);
      expect([answer.status, answer.json().code]).toEqual([404, "not-found"]);
    }
    await browser.post("/notifications/reading");
    expect(await unreadOf(other)).toBe(1);
  });

  test("JSON: the list with its place, one, all, twice", async () => {
    const id = await tell("member-joined", { name: "Bia" });
    await tell("password-changed");
    const list = (await browser.get("/api/notifications?group=team")).json();
    expect(list).toEqual({
      notifications: [
        {
          id,
          kind: "member-joined",
          data: { name: "Bia" },
          createdAt: expect.stringMatching(/Z$/),
          readAt: null,
          account: { id: account.id, slug: account.slug, name: expect.any(String) },
          path: `/accounts/${account.slug}/members`,
        },
      ],
      next: null,
      unread: 2,
    });
    const first = (await browser.json(`/api/notifications/${id}/read`)).json();
    expect(first).toEqual({ id, readAt: expect.stringMatching(/Z$/) });
    expect((await browser.json(`/api/notifications/${id}/read`)).json()).toEqual(first);
    expect((await browser.json("/api/notifications/read-all")).json()).toEqual({ count: 1 });
    expect((await browser.json("/api/notifications/read-all")).json()).toEqual({ count: 0 });
    expect((await browser.get(`/api/notifications/${id}/read`)).status).toBe(405);
    expect((await browser.json("/api/notifications")).status).toBe(405);
    expect((await visitor().get("/api/notifications")).status).toBe(401);
  });
});

test("every frame has the count, as a number and in words, and none where all is read", async () => {
  const operator = await makeUser({ providerRole: "operator" });
  const staff = visitor(await signIn(operator));
  await tell("account-submitted", {}, operator);
  await tell("password-changed");
  for (const [who, path] of [
    [browser, "/accounts"],
    [browser, `/accounts/${account.slug}`],
    [staff, "/admin"],
  ] as const)
    await expectPage(await who.get(path, english), "(1 unread notification)", 'href="/notifications"');

  await queryAsOwner(
    `INSERT INTO notification (id, user_id, kind, data)
     SELECT gen_random_uuid(), $1, 'password-changed', '{}' FROM generate_series(1, 120)`,
    [owner.id],
  );
  await expectPage(await browser.get("/accounts", english), "99+", "(more than 99 unread notifications)");
  await browser.json("/api/notifications/read-all");
  expect(has(await browser.get("/accounts", english), "unread notification")).toBe(false);
});

describe("preferences", () => {
  const ticked = ({ text }: Answer) =>
    [...text.matchAll(/<input type="checkbox"[^>]*>/g)]
      .map(([tag]) => tag)
      .filter((tag) => tag.includes("checked"))
      .map((tag) => `${/name="([^"]+)"/.exec(tag)?.[1]} ${/value="([^"]+)"/.exec(tag)?.[1]}`);

  test("a tick for each kind and channel, and what is always on says why", async () => {
    const page = await browser.get("/me/notifications", english);
    await expectPage(page, "it is how you notice", "Somebody joined: in the console");
    expect(ticked(page)).toContain("inApp member-joined");
    expect(ticked(page)).toContain("email member-joined");
    expect(has(page, 'value="password-changed"')).toBe(false);
    expect(has(page, "Account waiting for approval")).toBe(false);
    await expectPage(await browser.get("/me/notifications"), "Estes avisos chegam sempre");

    const form: [string, string][] = [
      ["kinds", "member-joined"],
      ["kinds", "member-left"],
      ["inApp", "member-joined"],
      ["email", "member-left"],
    ];
    const saved = await browser.post("/me/notifications", form, english);
    expect([saved.status, saved.location]).toEqual([302, "/me/notifications"]);
    const after = await browser.get("/me/notifications", english);
    await expectPage(after, "Your choice was saved.");
    expect(ticked(after)).not.toContain("inApp member-left");
    expect(ticked(after)).not.toContain("email member-joined");
    expect(ticked(after)).toEqual(expect.arrayContaining(["inApp member-joined", "email member-left"]));
    // What the form did not ask about stays on.
    expect(ticked(after)).toContain("email invitation-declined");
  });

  test("leaves out what cannot concern the person, and refuses what is no choice", async () => {
    const developer = visitor(await signIn(await makeMember(account, "developer")));
    const page = await developer.get("/me/notifications", english);
    await expectPage(page, "Access key about to expire");
    expect(has(page, "New invoice")).toBe(false);
    expect((await developer.post("/me/notifications", { kinds: "password-changed" })).status).toBe(400);
    expect((await visitor().get("/me/notifications")).location).toMatch(/^\/login/);
  });
});
