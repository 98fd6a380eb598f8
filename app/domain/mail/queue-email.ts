import type { Transaction } from "#app/ports/db.server.ts";
import { enqueueAll } from "#app/ports/jobs.server.ts";
import type { OutgoingMail } from "./outgoing.ts";

/**
 * Puts a mail into the outbox, within the caller's transaction: it is sent only if what caused it was committed, and
 * then it is not lost. The row's id becomes the Message-ID.
 */
export async function queueEmail(tx: Transaction, mail: OutgoingMail): Promise<void> {
  await queueEmails(tx, [mail]);
}

/** `queueEmail` for many, in two statements. */
export async function queueEmails(tx: Transaction, mails: readonly OutgoingMail[]): Promise<void> {
  const rows = await tx.email.createManyAndReturn({
    data: mails.map(({ message, ...data }) => ({ message, data })),
    select: { id: true },
  });
  await enqueueAll(
    tx,
    "send-email",
    rows.map(({ id }) => ({ emailId: id })),
  );
}
