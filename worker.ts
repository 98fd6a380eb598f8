import { handlers } from "#app/jobs/handlers.ts";
import { schedules } from "#app/jobs/schedule.ts";
import { startSealing } from "#app/jobs/seal.ts";
import { db } from "#app/ports/db.server.ts";
import { startWorker, stopSending } from "#app/ports/jobs.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { closeMailer } from "#app/ports/mailer.server.ts";
import { announceStorageEngine } from "#app/ports/storage/storage.server.ts";

const worker = await startWorker(handlers, schedules);
const sealing = startSealing();
log.info("worker ready");
void announceStorageEngine();

async function stop(): Promise<void> {
  await sealing.stop();
  await worker.stop();
  await stopSending();
  closeMailer();
  await db.$disconnect();
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void stop().finally(() => process.exit(0)));
}
