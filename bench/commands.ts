// What a command costs beside the statements that it cannot do without, under 16 callers at once:
// npm run bench:commands
import { randomUUID } from "node:crypto";
import type { Context } from "#app/domain/context.ts";
import { closeOwnerPool, queryAsOwner } from "#tests/support/database.ts";
import { startBenchDatabase } from "./database.ts";
import { printTable, type Timings, timed, timingsOf } from "./figures.ts";

const callers = 16;
const runsEach = 100;
const warmUpsEach = 10;

/** One way to make a bucket in an account. */
interface Way {
  name: string;
  make: (context: Context, name: string) => Promise<unknown>;
}

async function main(): Promise<void> {
  // One connection for each caller: what is measured is the work and not the wait for a connection.
  const database = await startBenchDatabase(callers);
  try {
    const { db } = await import("#app/ports/db.server.ts");
    try {
      for (const accounts of [callers, 1]) await compare(accounts);
    } finally {
      const { stopSending } = await import("#app/ports/jobs.server.ts");
      await stopSending();
      await db.$disconnect();
      await closeOwnerPool();
    }
  } finally {
    await database.stop();
  }
}

/** Runs every way after the other, each over the same number of accounts: with one, all wait for its quota. */
async function compare(accountCount: number): Promise<void> {
  const timings: Timings[] = [];
  const ways = await waysToMakeABucket();
  for (const { make } of ways) {
    const contexts = await makeContexts(accountCount);
    const run = (caller: number) => {
      const context = contexts[caller % contexts.length];
      if (!context) throw new Error("no account");
      return make(context, `balde-${randomUUID()}`);
    };
    await underLoad(run, warmUpsEach);
    timings.push(timingsOf(await underLoad(run, runsEach)));
  }
  console.log(
    `\n${callers} callers at once, ${accountCount === 1 ? "one account" : "an account each"}; ms\n`,
  );
  const bare = timings.at(-1);
  printTable(
    ["", "median", "p99", "× bare median", "× bare p99"],
    ways.map(({ name }, index) => {
      const timing = timings[index];
      if (!timing || !bare) throw new Error(`${name} was not measured`);
      return [name, timing.median, timing.p99, timing.median / bare.median, timing.p99 / bare.p99];
    }),
  );
}

/** From the whole command down to the one statement that nobody can leave out. */
async function waysToMakeABucket(): Promise<Way[]> {
  const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
  const { recordAuditEvent } = await import("#app/domain/audit/record-event.ts");
  const { lockQuota } = await import("#app/domain/quotas/lock-quota.ts");
  const { enqueue } = await import("#app/ports/jobs.server.ts");
  const { db } = await import("#app/ports/db.server.ts");
  type Tx = Parameters<typeof enqueue>[0];

  const insert = (tx: Tx, accountId: string, name: string) =>
    tx.bucket.create({ data: { accountId, name }, select: { id: true } });
  const work = async (tx: Tx, accountId: string, name: string) => {
    await lockQuota(tx, accountId, "buckets");
    await tx.bucket.count({ where: { accountId, deletedAt: null } });
    const bucket = await insert(tx, accountId, name);
    await enqueue(tx, "provision-bucket", { bucketId: bucket.id });
    return bucket;
  };
  const accountOf = ({ accountId }: Context) => accountId ?? "";

  return [
    { name: "createBucket", make: (context, name) => createBucket(context, { name }) },
    {
      name: "its work and the audit event",
      make: (context, name) =>
        db.$transaction(async (tx) => {
          const bucket = await work(tx, accountOf(context), name);
          await recordAuditEvent(tx, context, "buckets:create", "succeeded", {
            resourceType: "bucket",
            resourceId: bucket.id,
            details: { name },
          });
        }),
    },
    {
      name: "its work alone",
      make: (context, name) => db.$transaction((tx) => work(tx, accountOf(context), name)),
    },
    {
      name: "a bare INSERT in a transaction",
      make: (context, name) => db.$transaction((tx) => insert(tx, accountOf(context), name)),
    },
  ];
}

async function makeContexts(count: number): Promise<Context[]> {
  const { makeAccount, makeMember } = await import("#tests/support/scenario.ts");
  return Promise.all(
    Array.from({ length: count }, async () => {
      const account = await makeAccount();
      await queryAsOwner("UPDATE quota SET limit_value = 1000000 WHERE account_id = $1", [account.id]);
      const owner = await makeMember(account, "owner");
      return {
        actor: { kind: "user" as const, userId: owner.id },
        session: null,
        accountId: account.id,
        access: {
          memberRole: "owner" as const,
          providerRole: null,
          accountState: "active" as const,
          secondFactorMissing: false,
        },
        origin: { requestId: randomUUID(), address: "192.0.2.7", userAgent: "bench" },
        locale: "pt-BR",
      };
    }),
  );
}

/** Milliseconds of every run, of all callers together. */
async function underLoad(run: (caller: number) => Promise<unknown>, each: number): Promise<number[]> {
  const milliseconds: number[] = [];
  const call = async (caller: number) => {
    for (let count = 0; count < each; count++) milliseconds.push(await timed(() => run(caller)));
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return milliseconds;
}

await main();
