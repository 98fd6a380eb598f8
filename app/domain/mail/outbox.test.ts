import { describe, expect, test } from "vitest";
import type { EmailState } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser } from "#tests/support/scenario.ts";
import { purgeMail } from "./purge-mail.ts";
import { countFailedEmails, getEmail, listEmails } from "./read-mail.ts";
import { getPreview, listMessages } from "./read-previews.ts";
import { retryEmail } from "./retry-email.ts";

async function makeStaff(providerRole: "operator" | "support" | "auditor") {
  return contextOf((await makeUser({ providerRole })).id, null);
}

let reader: Promise<{ id: string }> | undefined;

/** A row of the outbox; without other values, of a mail to one and the same user. */
async function makeEmail(
  state: EmailState,
  values: { message?: string; data?: object; createdAt?: Date; closedAt?: Date | null } = {},
): Promise<string> {
  const isClosed = state !== "queued";
  reader ??= makeUser();
  const { id } = await db.email.create({
    data: {
      message: "welcome",
      data: { userId: (await reader).id },
      state,
      lastError: state === "failed" ? "EENVELOPE: 550 no" : null,
      closedAt: isClosed ? new Date() : null,
      ...values,
    },
  });
  return id;
}

const jobsFor = (id: string) =>
  queryAsOwner("SELECT 1 FROM pgboss.job WHERE name = 'send-email' AND data->>'emailId' = $1", [id]);

describe("the outbox", () => {
  test("lists by state and message, newest first, page by page, none twice", async () => {
    const operator = await makeStaff("operator");
    const start = Date.now();
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1)
      ids.push(await makeEmail("sent", { message: "invoice-due", createdAt: new Date(start + n) }));
    const failed = await makeEmail("failed", { message: "invoice-due" });

    const filter = { state: "sent", message: "invoice-due" };
    const first = await listEmails(operator, filter);
    expect(first.rows).toHaveLength(25);
    const second = await listEmails(operator, { ...filter, after: first.next ?? "" });
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(second.next).toBeNull();
    expect(first.rows[0]).toMatchObject({
      title: "Invoice due soon",
      state: "sent",
      userName: "Maria Teste",
    });
    expect((await listEmails(operator, { state: "failed" })).rows.map(({ id }) => id)).toEqual([failed]);
    expect((await listEmails(operator, { state: "nonsense", message: "'; --" })).filter).toEqual({
      state: "",
      message: "",
    });
  });

  test("says whom and what a mail is about, and never an address or what is in its data", async () => {
    const support = await makeStaff("support");
    const account = await makeAccount();
    const user = await makeMember(account, "owner");
    const data = { userId: user.id, accountId: account.id, data: { email: "invited@example.test" } };
    const id = await makeEmail("failed", { message: "invitation-declined", data });
    const email = await getEmail(support, id);
    expect(email).toMatchObject({
      title: "Invitation declined",
      userId: user.id,
      accountSlug: account.slug,
      lastError: "EENVELOPE: 550 no",
      attempts: 0,
    });
    expect(JSON.stringify(email)).not.toMatch(/@example\.test/);

    const change = await db.emailChange.create({
      data: { userId: user.id, oldEmail: "old@example.test", newEmail: "new@example.test" },
    });
    const toNew = await makeEmail("sent", { message: "email-change", data: { emailChangeId: change.id } });
    expect(await getEmail(support, toNew)).toMatchObject({ userId: user.id });
    const signUp = { signUpId: "0198c2f4-7d1e-7c3a-9b1f-2f6f0c8d5e11" };
    const toStranger = await makeEmail("sent", { message: "verify-email", data: signUp });
    expect(await getEmail(support, toStranger)).toMatchObject({ userId: null });
    await expect(getEmail(support, change.id)).rejects.toMatchObject({ code: "not-found" });
  });

  test("is not for the provider's auditor, nor for anybody else", async () => {
    for (const context of [await makeStaff("auditor"), await contextOf((await makeUser()).id, null)]) {
      await expect(listEmails(context, {})).rejects.toMatchObject({ code: "forbidden" });
      await expect(getEmail(context, await makeEmail("sent"))).rejects.toMatchObject({ code: "forbidden" });
      expect(() => listMessages(context)).toThrow("forbidden");
      expect(() => getPreview(context, "welcome", "en")).toThrow("forbidden");
      expect(await countFailedEmails(context)).toBe(0);
    }
  });
});

describe("a retry", () => {
  test("puts what was given up back into the queue, with a job of its own", async () => {
    const operator = await makeStaff("operator");
    const id = await makeEmail("failed");
    const failed = await countFailedEmails(operator);
    await retryEmail(operator, { emailId: id });
    expect(await db.email.findUnique({ where: { id } })).toMatchObject({
      state: "queued",
      closedAt: null,
      // Until the next try says otherwise.
      lastError: "EENVELOPE: 550 no",
    });
    expect(await jobsFor(id)).toHaveLength(1);
    expect(await countFailedEmails(operator)).toBe(failed - 1);
    expect(
      await queryAsOwner(
        "SELECT details FROM audit_event WHERE action = 'emails:retry' AND resource_id = $1",
        [id],
      ),
    ).toEqual([{ details: { message: "welcome", before: { state: "failed" }, after: { state: "queued" } } }]);
  });

  test("of one that waits tries it at once, and asking often makes few jobs", async () => {
    const operator = await makeStaff("operator");
    const id = await makeEmail("queued");
    for (let click = 0; click < 5; click += 1) await retryEmail(operator, { emailId: id });
    // A slot of ten seconds may end in between.
    expect((await jobsFor(id)).length).toBeOneOf([1, 2]);
  });

  test.each(["sent", "obsolete"] as const)("of one that is %s is refused", async (state) => {
    const operator = await makeStaff("operator");
    const id = await makeEmail(state);
    await expect(retryEmail(operator, { emailId: id })).rejects.toMatchObject({ code: "already-done" });
    expect(await jobsFor(id)).toEqual([]);
  });

  test("of none is not found, and support may not", async () => {
    const emailId = "0198c2f4-7d1e-7c3a-9b1f-2f6f0c8d5e11";
    await expect(retryEmail(await makeStaff("operator"), { emailId })).rejects.toMatchObject({
      code: "not-found",
    });
    const id = await makeEmail("failed");
    await expect(retryEmail(await makeStaff("support"), { emailId: id })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

test("what came to its end 30 days ago is removed, and what still waits never is", async () => {
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  const old = await makeEmail("sent", { closedAt: days(31), createdAt: days(31) });
  const failed = await makeEmail("failed", { closedAt: days(31), createdAt: days(60) });
  const recent = await makeEmail("obsolete", { closedAt: days(29), createdAt: days(60) });
  const waiting = await makeEmail("queued", { createdAt: days(400) });
  await purgeMail();
  const left = await db.email.findMany({ where: { id: { in: [old, failed, recent, waiting] } } });
  expect(left.map(({ id }) => id).sort()).toEqual([recent, waiting].sort());
});

test("every message has a preview in both languages; what is none is not found", async () => {
  const support = await makeStaff("support");
  const messages = listMessages(support);
  expect(messages.length).toBeGreaterThan(35);
  for (const { name, title } of messages) {
    expect(getPreview(support, name, "en").html).toContain(title);
    expect(getPreview(support, name, "pt-BR").html).not.toContain(title);
  }
  expect(() => getPreview(support, "toString", "en")).toThrow("not-found");
});
