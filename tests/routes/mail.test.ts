// The outbox and the previews, as operators see them. That every page is for staff alone is in access.test.ts.
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "#app/ports/db.server.ts";
import { type Visitor, visitor } from "#tests/support/app.ts";
import { signedInStaff } from "#tests/support/cast.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeUser, signIn } from "#tests/support/scenario.ts";

let operator: Visitor;
let support: Visitor;
let failed: string;
let user: { id: string; email: string };

beforeAll(async () => {
  operator = await signedInStaff("operator");
  support = await signedInStaff("support");
  user = await makeUser();
  const data = { message: "password-changed", data: { userId: user.id, accountId: null, data: {} } };
  await db.email.create({ data: { ...data, state: "sent", attempts: 1, closedAt: new Date() } });
  const lastError = "EENVELOPE: 550 <no such mailbox>";
  const refused = { ...data, state: "failed" as const, attempts: 1, lastError, closedAt: new Date() };
  failed = (await db.email.create({ data: refused })).id;
});

describe("the outbox", () => {
  test("shows what failed, with its error, and counts it in the navigation", async () => {
    const { status, text } = await operator.get("/admin/mail?state=failed");
    expect(status).toBe(200);
    expect(text).toContain(`/admin/mail/${failed}`);
    expect(text).toContain(`/admin/users/${user.id}`);
    expect(text).toContain("EENVELOPE: 550 &lt;no such mailbox&gt;");
    expect(text).toMatch(/href="\/admin\/mail"[^>]*>.*?1.*?<\/a>/s);
  });

  test("keeps addresses to itself", async () => {
    for (const path of ["/admin/mail", `/admin/mail/${failed}`])
      expect((await operator.get(path)).text).not.toContain(user.email);
  });

  test("filters by message, and says so where none matches", async () => {
    const { text } = await operator.get("/admin/mail?message=invoice-due", { "Accept-Language": "en" });
    expect(text).not.toContain(failed);
    expect(text).toContain('<option value="invoice-due" selected');
    expect(text).toContain("No message matches");
  });

  test("has a failed one tried again, by an operator and nobody else", async () => {
    const page = `/admin/mail/${failed}`;
    const button = /<form[^>]*method="post"[^>]*>(?:(?!<\/form>).)*Try now/s;
    expect((await support.get(page, { "Accept-Language": "en" })).text).not.toMatch(button);
    expect((await support.post(page)).status).toBe(403);
    expect((await operator.get(page, { "Accept-Language": "en" })).text).toMatch(button);

    const answer = await operator.post(page);
    expect([answer.status, answer.location]).toEqual([302, page]);
    expect(await db.email.findUnique({ where: { id: failed } })).toMatchObject({ state: "queued" });
    expect(
      await queryAsOwner("SELECT 1 FROM pgboss.job WHERE name = 'send-email' AND data->>'emailId' = $1", [
        failed,
      ]),
    ).toHaveLength(1);
    await db.email.update({ where: { id: failed }, data: { state: "sent" } });
    expect((await operator.post(page)).status).toBe(409);
  });

  test("what is none is not found", async () => {
    expect((await operator.get("/admin/mail/nonsense")).status).toBe(404);
    expect((await operator.post("/admin/mail/nonsense")).status).toBe(404);
  });
});

describe("previews", () => {
  test("list every message, and show it in both languages, as a document in a frame and as text", async () => {
    const list = (await support.get("/admin/mail/previews")).text;
    const links = [...list.matchAll(/href="(\/admin\/mail\/previews\/[\w-]+)"/g)].map(
      ([, link]) => link ?? "",
    );
    expect(new Set(links).size).toBeGreaterThan(35);
    // That each can be written is in outbox.test.ts.
    for (const link of [...new Set(links)].slice(0, 3)) {
      const { status, text } = await support.get(link);
      expect([link, status]).toEqual([link, 200]);
      for (const language of ["pt-BR", "en"]) {
        expect(text).toMatch(
          new RegExp(`<iframe[^>]*src="${link}/html\\?language=${language}"[^>]*sandbox=""`),
        );
        const mail = await support.get(`${link}/html?language=${language}`);
        expect(mail.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
        expect(mail.text).toContain(`<html lang="${language}"`);
      }
    }
  });

  test("are for staff alone, and only of messages that there are", async () => {
    const member = visitor(await signIn(await makeUser()));
    for (const path of ["", "/welcome", "/welcome/html"]) {
      expect((await member.get(`/admin/mail/previews${path}`)).status).toBe(403);
      expect((await visitor().get(`/admin/mail/previews${path}`)).location).toMatch(/^\/login/);
    }
    for (const path of ["/none", "/none/html", "/toString"])
      expect((await support.get(`/admin/mail/previews${path}`)).status).toBe(404);
  });
});
