import { expect, test } from "vitest";
import { z } from "zod";
import { contextOf, stranger } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser } from "#tests/support/scenario.ts";
import { command } from "./command.ts";
import { accountIdOf } from "./context.ts";
import { DomainError } from "./errors.ts";

const rename = (fail: boolean) =>
  command({
    action: "accounts:resubmit",
    input: z.object({ name: z.string() }),
    async run({ tx, input, context }) {
      await tx.account.updateMany({ where: { id: accountIdOf(context) }, data: { name: input.name } });
      if (fail) throw new DomainError("quota-exceeded", { limit: 3 });
      return null;
    },
    // PostgreSQL's JSON holds no NUL: a record that cannot be written.
    audit: ({ input }) => ({ details: { name: input.name.replace("unwritable", "\u0000") } }),
  });

async function ownAccount() {
  const account = await makeAccount({ state: "rejected" });
  const owner = await makeMember(account, "owner");
  const context = await contextOf(owner.id, account.id);
  const written = () =>
    queryAsOwner(
      `SELECT a.name, (SELECT array_agg(e.outcome || ':' || coalesce(e.code, '')) FROM audit_event e WHERE e.request_id = $2) AS events
       FROM account a WHERE a.id = $1`,
      [account.id, context.origin.requestId],
    );
  return { context, written, owner, name: (await written())[0]?.name as string };
}

test("an act and its record are committed together", async () => {
  const { context, written } = await ownAccount();
  await rename(false)(context, { name: "new" });
  expect(await written()).toEqual([{ name: "new", events: ["succeeded:"] }]);
});

test("they are rolled back together where the record cannot be written", async () => {
  const { context, written, name } = await ownAccount();
  await expect(rename(false)(context, { name: "unwritable" })).rejects.toThrow(/22P05|unicode|\\u0000/i);
  expect(await written()).toEqual([{ name, events: null }]);
});

test("a refusal rolls the act back and is recorded alone", async () => {
  const { context, written, name } = await ownAccount();
  await expect(rename(true)(context, { name: "new" })).rejects.toThrow("quota-exceeded");
  expect(await written()).toEqual([{ name, events: ["refused:quota-exceeded"] }]);
});

test("input that does not fit is no attempt", async () => {
  const { context, written, name } = await ownAccount();
  await expect(rename(false)(context, { name: 7 })).rejects.toThrow("invalid-input");
  expect(await written()).toEqual([{ name, events: null }]);
});

test("a role that was taken away since the page was shown no longer counts", async () => {
  const { context, written, owner, name } = await ownAccount();
  await queryAsOwner("DELETE FROM member WHERE user_id = $1", [owner.id]);
  await expect(rename(false)(context, { name: "new" })).rejects.toThrow("not-found");
  expect((await written())[0]?.name).toBe(name);
});

test("nor does a user who was disabled since", async () => {
  const { context, written, owner, name } = await ownAccount();
  await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [owner.id]);
  await expect(rename(false)(context, { name: "new" })).rejects.toThrow("not-found");
  expect((await written())[0]?.name).toBe(name);
});

test("an unforeseen failure rolls back and passes on", async () => {
  const { context, written, name } = await ownAccount();
  const broken = command({
    action: "accounts:resubmit",
    input: z.object({}),
    async run({ tx }) {
      await tx.account.updateMany({ data: { name: "broken" } });
      throw new TypeError("a fault of ours");
    },
    audit: () => ({}),
  });
  await expect(broken(context, {})).rejects.toThrow(TypeError);
  expect(await written()).toEqual([{ name, events: null }]);
});

test("a violated unique index is the refusal that the command names, or a conflict", async () => {
  const { email } = await makeUser();
  const taking = (conflicts: object) =>
    command({
      action: "sign-ups:create",
      input: z.object({}),
      conflicts: { ...conflicts },
      run: ({ tx }) => tx.user.create({ data: { email, name: "x", locale: "en" } }),
      audit: () => ({}),
    });
  await expect(taking({})(stranger(), {})).rejects.toMatchObject({ code: "conflict" });
  const named = { user_email_key: { code: "email-taken", field: "email" } };
  await expect(taking(named)(stranger(), {})).rejects.toMatchObject({ code: "email-taken", field: "email" });
});
