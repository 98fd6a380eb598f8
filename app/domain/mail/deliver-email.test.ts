import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "#app/ports/db.server.ts";
import { type JobHandlers, startWorker, stopSending } from "#app/ports/jobs.server.ts";
import { closeMailer } from "#app/ports/mailer.server.ts";
import { queueNames } from "#app/ports/queues.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeMailServer } from "#tests/support/mail-server.ts";
import { makeUser } from "#tests/support/scenario.ts";
import { writeEmail } from "../messages/write-email.ts";
import { deliverEmail } from "./deliver-email.ts";
import type { OutgoingMail } from "./outgoing.ts";
import { queueEmails } from "./queue-email.ts";

// The settings are read when the first module that needs them is imported: this runs before any import.
const port = await vi.hoisted(async () => {
  const { freePort } = await import("#tests/support/postgres.ts");
  const free = await freePort();
  process.env.SMTP_URL = `smtp://127.0.0.1:${free}`;
  return free;
});

const server = makeMailServer(port);
const { received } = server;
beforeEach(async () => {
  received.length = 0;
  server.refuseWith(undefined);
  await server.start();
});
afterEach(async () => {
  closeMailer();
  await server.stop();
});
afterAll(() => stopSending());

/** Queues a mail to somebody for each; answers the rows' ids. */
async function queue(count = 1): Promise<string[]> {
  const user = await makeUser({ locale: "en" });
  const mail: OutgoingMail = { message: "welcome", userId: user.id };
  await db.$transaction((tx) => queueEmails(tx, Array<OutgoingMail>(count).fill(mail)));
  const rows = await queryAsOwner<{ id: string }>("SELECT id FROM email WHERE data->>'userId' = $1", [
    user.id,
  ]);
  return rows.map(({ id }) => id);
}

async function queueOne(): Promise<string> {
  const [id] = await queue();
  return id ?? "";
}

const rowOf = (id: string) => db.email.findUniqueOrThrow({ where: { id } });
const deliver = (id: string) => deliverEmail(id, writeEmail);
const idsReceived = () => received.map(({ messageId }) => /^<(.+)@/.exec(messageId ?? "")?.[1]).sort();

test("a mail is sent once, however often its job runs", async () => {
  const id = await queueOne();
  for (let run = 0; run < 3; run += 1) await deliver(id);
  expect(idsReceived()).toEqual([id]);
  const row = await rowOf(id);
  expect(row).toMatchObject({ state: "sent", attempts: 1, lastError: null });
  expect(row.closedAt).toBeInstanceOf(Date);
  expect(row.lastTriedAt).toBeInstanceOf(Date);
});

test("the job of a mail that was purged does nothing", async () => {
  await deliver("0198c2f4-7d1e-7c3a-9b1f-2f6f0c8d5e11");
  expect(received).toEqual([]);
});

describe("the mail server", () => {
  test("refuses for now: noted without addresses, and thrown, so that the job tries again", async () => {
    const id = await queueOne();
    server.refuseWith(451);
    await expect(deliver(id)).rejects.toMatchObject({ transient: true });
    const waiting = await rowOf(id);
    expect(waiting).toMatchObject({ state: "queued", attempts: 1, closedAt: null });
    expect(waiting.lastError).toContain("451");
    expect(waiting.lastError).not.toContain("@");

    server.refuseWith(undefined);
    await deliver(id);
    expect(idsReceived()).toEqual([id]);
    expect(await rowOf(id)).toMatchObject({ state: "sent", attempts: 2, lastError: null });
  });

  test("refuses the reader for good: given up, and not tried again by itself", async () => {
    const id = await queueOne();
    server.refuseWith(550);
    await deliver(id);
    const row = await rowOf(id);
    expect(row).toMatchObject({ state: "failed", attempts: 1 });
    expect(row.lastError).toContain("550");
    expect(row.closedAt).toBeInstanceOf(Date);

    server.refuseWith(undefined);
    await deliver(id);
    expect(received).toEqual([]);
  });

  test("is away: every mail waits, and arrives once it is back", async () => {
    await server.stop();
    const ids = await queue(5);
    const idle = Object.fromEntries(
      queueNames.map((name) => [name, async () => {}]),
    ) as unknown as JobHandlers;
    const worker = await startWorker({ ...idle, "send-email": ({ data }) => deliver(data.emailId) }, []);
    try {
      const leastAttempts = async () =>
        (await db.email.aggregate({ where: { id: { in: ids } }, _min: { attempts: true } }))._min.attempts;
      await expect.poll(leastAttempts, { timeout: 15_000 }).toBeGreaterThanOrEqual(2);
      expect(await db.email.count({ where: { id: { in: ids }, state: "queued" } })).toBe(5);

      await server.start();
      await expect
        .poll(() => db.email.count({ where: { id: { in: ids }, state: "sent" } }), { timeout: 20_000 })
        .toBe(5);
      expect(idsReceived()).toEqual(ids.toSorted());
    } finally {
      await worker.stop();
    }
  }, 45_000);
});

test("a process killed between sending and noting it: sent once more, under the same Message-ID", async () => {
  const id = await queueOne();
  const child = spawn(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `const { deliverEmail } = await import("#app/domain/mail/deliver-email.ts");
       const { writeEmail } = await import("#app/domain/messages/write-email.ts");
       await deliverEmail(process.argv[1], writeEmail);`,
      id,
    ],
    { stdio: "inherit" },
  );
  server.onceBeforeAnswer(() => child.kill("SIGKILL"));
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
  expect(idsReceived()).toEqual([id]);
  expect(await rowOf(id)).toMatchObject({ state: "queued", attempts: 1 });

  await deliver(id);
  await deliver(id);
  expect(idsReceived()).toEqual([id, id]);
  expect(await rowOf(id)).toMatchObject({ state: "sent", attempts: 2 });
});
