import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { AuditEvent } from "#app/generated/prisma/client.ts";
import { db } from "#app/ports/db.server.ts";
import { canonical, expectWholeChains } from "#tests/support/audit-chains.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount } from "#tests/support/scenario.ts";
import { type Context, noAccess } from "../context.ts";
import { recordAuditEvent } from "./record-event.ts";
import { sealEvents, sealHash } from "./seal-events.ts";

const stranger: Context = {
  actor: { kind: "anonymous" },
  session: null,
  accountId: null,
  access: noAccess,
  origin: { requestId: "request", address: "192.0.2.7", userAgent: "Lynx" },
  locale: "en",
};

/** Writes one event as a command does. */
function record(accountId: string | null = null, details: Record<string, string | number> = {}) {
  return db.$transaction((tx) =>
    recordAuditEvent(tx, { ...stranger, accountId }, "accounts:read", "succeeded", { details }),
  );
}

describe("16.4.2: the log cannot be changed", () => {
  const tables = ["audit_event", "audit_seal"];
  const changes = (table: string) => [
    `UPDATE ${table} SET event_id = event_id`.replace(
      "event_id = event_id",
      table === "audit_event" ? "action = 'x'" : "hash = 'x'",
    ),
    `DELETE FROM ${table}`,
    `TRUNCATE ${table} CASCADE`,
  ];

  beforeEach(async () => {
    await record();
    await sealEvents();
  });

  test.each(tables.flatMap(changes))("by the application: %s", async (sql) => {
    await expect(db.$executeRawUnsafe(sql)).rejects.toThrow(/permission denied|append-only/);
  });

  test.each(tables.flatMap(changes))("by the owner of the tables: %s", async (sql) => {
    await expect(queryAsOwner(sql)).rejects.toThrow(/append-only/);
  });

  test("what names a person can be erased and not rewritten", async () => {
    await expect(db.$executeRawUnsafe("UPDATE audit_personal SET values = '{}'")).rejects.toThrow(
      /permission denied/,
    );
    await expect(db.auditPersonal.deleteMany()).resolves.toMatchObject({ count: expect.any(Number) });
  });
});

describe("the seals", () => {
  test("cover every event once, in an unbroken chain for each account and one for the system", async () => {
    const accounts = [await makeAccount(), await makeAccount()];
    for (const id of [null, ...accounts.map(({ id }) => id)])
      for (let number = 0; number < 3; number++) await record(id, { number, text: 'ç 🪣 "' });
    await sealEvents();
    await expectWholeChains();
    const chains = await queryAsOwner(
      "SELECT count(*)::int AS seals FROM audit_seal WHERE chain = ANY($1) GROUP BY chain",
      [accounts.map(({ id }) => id)],
    );
    expect(chains).toEqual([{ seals: 3 }, { seals: 3 }]);
  });

  test("several sealers at once seal nothing twice and leave nothing out", async () => {
    const accounts = await Promise.all([1, 2, 3].map(() => makeAccount()));
    const writing = Promise.all(
      Array.from({ length: 60 }, (_, number) => record(accounts[number % 4]?.id ?? null, { number })),
    );
    const sealing = Array.from({ length: 8 }, async (_, turn) => {
      await new Promise((resolve) => setTimeout(resolve, turn * 15));
      return sealEvents();
    });
    await Promise.all([writing, ...sealing]);
    await sealEvents();
    await expectWholeChains();
  });

  test("an event that commits after a later one is sealed all the same", async () => {
    const { id } = await makeAccount();
    let written = () => {};
    let commit = () => {};
    const isWritten = new Promise<void>((resolve) => (written = resolve));
    const mayCommit = new Promise<void>((resolve) => (commit = resolve));
    const slow = db.$transaction(async (tx) => {
      await recordAuditEvent(tx, { ...stranger, accountId: id }, "accounts:read", "succeeded", {
        details: { which: "begun first" },
      });
      written();
      await mayCommit;
    });
    await isWritten;
    await record(id, { which: "begun second" });
    await sealEvents();
    commit();
    await slow;
    await sealEvents();
    const order = await queryAsOwner(
      `SELECT s.sequence::int, e.details->>'which' AS which FROM audit_seal s JOIN audit_event e ON e.id = s.event_id
       WHERE s.chain = $1 ORDER BY s.sequence`,
      [id],
    );
    expect(order).toEqual([
      { sequence: 1, which: "begun second" },
      { sequence: 2, which: "begun first" },
    ]);
    await expectWholeChains();
  });

  test("hold when a person is forgotten; until then the event vouches for what names them", async () => {
    const { id } = await makeAccount();
    await record(id);
    await sealEvents();
    const [row] = await queryAsOwner<{ salt: Buffer; values: object; personal_hash: string }>(
      `SELECT p.salt, p.values, e.personal_hash FROM audit_event e JOIN audit_personal p ON p.event_id = e.id WHERE e.account_id = $1`,
      [id],
    );
    expect(row?.values).toEqual({ address: "192.0.2.7", userAgent: "Lynx" });
    const hash = createHash("sha256")
      .update(row?.salt ?? "")
      .update(canonical(row?.values))
      .digest("hex");
    expect(row?.personal_hash).toBe(hash);

    await db.auditPersonal.deleteMany({ where: {} });
    await expectWholeChains();
    const [event] = await queryAsOwner<{ text: string }>(
      "SELECT e::text AS text FROM audit_event e WHERE account_id = $1",
      [id],
    );
    expect(event?.text).not.toMatch(/192\.0\.2\.7|Lynx/);
  });

  test("are broken by any change of any column of an event", () => {
    const event: AuditEvent = {
      id: "1",
      occurredAt: new Date(0),
      accountId: "a",
      actorKind: "user",
      actorId: "b",
      action: "accounts:read",
      resourceType: "c",
      resourceId: "d",
      outcome: "succeeded",
      code: null,
      requestId: "e",
      details: { f: 1 },
      personalHash: "g",
    };
    const hash = sealHash("0", "chain", 1n, event);
    for (const column of Object.keys(event) as (keyof AuditEvent)[]) {
      const changed = { ...event, [column]: column === "occurredAt" ? new Date(1) : "changed" };
      expect([column, sealHash("0", "chain", 1n, changed)]).not.toEqual([column, hash]);
    }
    expect(sealHash("1", "chain", 1n, event)).not.toBe(hash);
    expect(sealHash("0", "other", 1n, event)).not.toBe(hash);
    expect(sealHash("0", "chain", 2n, event)).not.toBe(hash);
  });
});
