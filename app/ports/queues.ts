import type { QueueOptions } from "pg-boss";

/** What each queue's jobs carry: ids only. A secret or a token never rides in a job. */
export interface JobData {
  "send-email": { emailId: string };
  "purge-mail": Record<string, never>;
  "provision-account": { accountId: string };
  "provision-bucket": { bucketId: string };
  "delete-bucket": { bucketId: string };
  "empty-bucket": { emptyingId: string };
  "survey-bucket": { surveyId: string };
  "revoke-access-key": { id: string };
  "switch-access-key": { id: string };
  "settle-rotations": Record<string, never>;
  "settle-access-keys": Record<string, never>;
  reconcile: { accountId?: string };
  "settle-finding": { findingId: string };
  "adopt-tenant": { accountId: string };
  "collect-usage": { accountId?: string };
  "purge-expired": Record<string, never>;
  "warn-of-expiry": Record<string, never>;
  "purge-notifications": Record<string, never>;
  "purge-invitations": Record<string, never>;
  "purge-surveys": Record<string, never>;
}

export type QueueName = keyof JobData;

const daySeconds = 86_400;

/** Tries until the engine or the mail server is back, for as long as that takes. */
const persistent: QueueOptions = {
  retryLimit: 1_000_000,
  retentionSeconds: 365 * daySeconds,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  expireInSeconds: 120,
  // A worker that was killed shows by its silence; the job is then taken up again.
  heartbeatSeconds: 10,
  deleteAfterSeconds: 30 * daySeconds,
};

/**
 * What the storage engine is to do. A gateway that was away is back within seconds, and somebody may be looking at the
 * page that waits for it; a try while it is still away costs one request.
 */
const atEngine: QueueOptions = { ...persistent, retryDelayMax: 15 };

/** A mail server may be away for a day: a try every ten minutes is enough then. */
const byMail: QueueOptions = { ...persistent, retryDelayMax: 600 };

/** A schedule runs it again anyway. */
const scheduled: QueueOptions = { ...persistent, retryLimit: 3, expireInSeconds: 900 };

/** Every queue and how patient it is; scripts/migrate.ts makes them. */
export const queues: Record<QueueName, QueueOptions> = {
  "send-email": byMail,
  "purge-mail": scheduled,
  "provision-account": atEngine,
  "provision-bucket": atEngine,
  "delete-bucket": atEngine,
  // Go on where they were, however long that takes.
  "empty-bucket": { ...atEngine, expireInSeconds: 86_400 },
  "survey-bucket": { ...atEngine, expireInSeconds: 3_600 },
  "revoke-access-key": atEngine,
  "switch-access-key": atEngine,
  "settle-rotations": scheduled,
  "settle-access-keys": scheduled,
  // A try that is cut short goes on where it was.
  reconcile: { ...scheduled, expireInSeconds: 3_600 },
  // May wait through a minute of the engine's own repairs, with a look before it.
  "settle-finding": { ...atEngine, expireInSeconds: 600 },
  "adopt-tenant": { ...atEngine, expireInSeconds: 900 },
  "collect-usage": scheduled,
  "purge-expired": scheduled,
  "warn-of-expiry": scheduled,
  "purge-notifications": scheduled,
  "purge-invitations": scheduled,
  "purge-surveys": scheduled,
};

/** Of the jobs of one group (`SendOptions.group`) one runs at a time: an account's many do not keep others waiting. */
export const oneByOne: ReadonlySet<QueueName> = new Set(["survey-bucket", "empty-bucket"]);

export const queueNames = Object.keys(queues) as QueueName[];
/** The schema that pg-boss keeps its tables in. */
export const jobSchema = "pgboss";
