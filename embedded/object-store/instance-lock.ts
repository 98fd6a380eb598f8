import pg from "pg";

const INSTANCE_LOCK = 7_265_302;
const RETRY_MS = 500;
const PATIENCE_MS = 10_000;

/**
 * Makes sure that one process at a time serves a database: reservations, usage counters and the collector of files
 * all count on being alone.
 *
 * The lock lives in a connection of its own. When that breaks (PostgreSQL restarted) it is taken again, and
 * `onLost` is called if another process was faster.
 *
 * @returns a function that gives the lock back
 * @throws Error where another process keeps the lock for longer than a restart takes
 */
export async function holdInstanceLock(
  databaseUrl: string,
  onLost: () => void,
): Promise<() => Promise<void>> {
  let released = false;
  let client = await waitForLock();

  async function waitForLock(): Promise<pg.Client> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const candidate = await tryLock(databaseUrl);
      if (candidate) {
        candidate.once("end", retake);
        return candidate;
      }
      if (Date.now() > deadline)
        throw new Error("Another process serves this database: EMBEDDED_S3_DATABASE_URL");
      await sleep();
    }
  }

  async function retake(): Promise<void> {
    while (!released) {
      try {
        client = await waitForLock();
        return;
      } catch (error) {
        if (error instanceof Error && error.message.startsWith("Another process")) return onLost();
        await sleep();
      }
    }
  }

  return async () => {
    released = true;
    client.removeAllListeners("end");
    await client.end();
  };
}

/** A connection that holds the lock, or null while another holds it. */
async function tryLock(databaseUrl: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: "object-store lock" });
  // Without a listener, a connection that breaks would end the process.
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query<{ locked: boolean }>("select pg_try_advisory_lock($1) as locked", [
    INSTANCE_LOCK,
  ]);
  if (rows[0]?.locked) return client;
  await client.end();
  return null;
}

const sleep = () => new Promise((resolve) => setTimeout(resolve, RETRY_MS));
