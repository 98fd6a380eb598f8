import { fromPrisma, PgBoss, type SendOptions } from "pg-boss";
import type { Transaction } from "./db.server.ts";
import { env } from "./env.server.ts";
import { log } from "./logger.server.ts";
import { type JobData, jobSchema, oneByOne, type QueueName, queueNames } from "./queues.ts";

/**
 * Queues a job within the caller's transaction: it exists only if what caused it was committed.
 */
export async function enqueue<Name extends QueueName>(
  tx: Transaction,
  queue: Name,
  data: JobData[Name],
  options: SendOptions = {},
): Promise<void> {
  const boss = await sender();
  await boss.send(queue, data, { ...options, db: fromPrisma(tx) });
}

/** `enqueue` for many jobs of one queue, in one statement. */
export async function enqueueAll<Name extends QueueName>(
  tx: Transaction,
  queue: Name,
  jobs: readonly JobData[Name][],
): Promise<void> {
  if (jobs.length === 0) return;
  const boss = await sender();
  await boss.insert(
    queue,
    jobs.map((data) => ({ data })),
    { db: fromPrisma(tx) },
  );
}

export interface Job<Name extends QueueName> {
  id: string;
  data: JobData[Name];
}
export type JobHandlers = { [Name in QueueName]: (job: Job<Name>) => Promise<void> };

/** A time of day in cron notation, UTC. */
export type Schedule = { queue: QueueName; cron: string };

/** Handles jobs until `stop` is called, which waits for those under way. */
export async function startWorker(handlers: JobHandlers, schedules: readonly Schedule[]) {
  const boss = connect({ max: 4, supervise: true, schedule: true, useListenNotify: true });
  await boss.start();
  for (const { queue, cron } of schedules) await boss.schedule(queue, cron, {});
  for (const queue of queueNames) await workOn(boss, queue, handlers);
  return { stop: () => boss.stop({ graceful: true, timeout: 10_000 }) };
}

async function workOn<Name extends QueueName>(boss: PgBoss, queue: Name, handlers: JobHandlers) {
  const handle = handlers[queue];
  // With LISTEN on, polling is only the floor that retries wait for.
  const options = {
    pollingIntervalSeconds: 1,
    notifyPollingIntervalSeconds: 1,
    localConcurrency: 2,
    ...(oneByOne.has(queue) ? { groupConcurrency: 1 } : {}),
  };
  await boss.work<JobData[Name]>(queue, options, async ([job]) => {
    if (!job) return;
    const startedAt = performance.now();
    try {
      await handle({ id: job.id, data: job.data });
      log.info({ job: queue, jobId: job.id, ms: Math.round(performance.now() - startedAt) }, "job done");
    } catch (error) {
      log.warn({ job: queue, jobId: job.id, err: error }, "job failed, will be tried again");
      throw error;
    }
  });
}

let sending: Promise<PgBoss> | undefined;

/** One instance per process, opened with the first job. A failed start is tried anew by the next. */
function sender(): Promise<PgBoss> {
  sending ??= connect({ max: 1, supervise: false, schedule: false })
    .start()
    .catch((error: unknown) => {
      sending = undefined;
      throw error;
    });
  return sending;
}

/** Closes the connection that `enqueue` opened; the next job opens another. */
export async function stopSending(): Promise<void> {
  const boss = await sending;
  sending = undefined;
  await boss?.stop({ graceful: false });
}

/** The schema belongs to the owner role and is made by scripts/migrate.ts, never from here. */
function connect(options: { max: number; supervise: boolean; schedule: boolean; useListenNotify?: boolean }) {
  const boss = new PgBoss({
    connectionString: env.DATABASE_URL,
    schema: jobSchema,
    migrate: false,
    createSchema: false,
    // A killed worker's jobs are found by their missing heartbeat at the next look.
    monitorIntervalSeconds: 5,
    superviseIntervalSeconds: 5,
    ...options,
  });
  boss.on("error", (error) => log.error({ err: error }, "job queue"));
  return boss;
}
