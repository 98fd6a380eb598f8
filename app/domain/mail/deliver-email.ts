import { EmailRenderError } from "#app/emails/render.ts";
import { db } from "#app/ports/db.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { MailError, type OutgoingEmail, sendEmail } from "#app/ports/mailer.server.ts";
import type { OutgoingMail } from "./outgoing.ts";

/** A mail as the outbox holds it. */
export interface QueuedEmail {
  mail: OutgoingMail;
  /** When what it tells of happened. */
  queuedAt: Date;
}

/** A mail as it is sent, but for its Message-ID. */
export type WrittenEmail = Omit<OutgoingEmail, "messageId">;

/**
 * Writes a mail of the outbox, sends it, and notes how that went. Safe to repeat: one that came to its end is left
 * alone. After a crash between the mail server's answer and our note it is sent once more, under the same Message-ID,
 * so that it is one mail to the reader's program. No transaction is open meanwhile.
 *
 * Throws while another try may succeed; the job is then tried again.
 *
 * @param write what the mail says; null where it is obsolete
 */
export async function deliverEmail(
  id: string,
  write: (email: QueuedEmail) => Promise<WrittenEmail | null>,
): Promise<void> {
  const [row] = await db.email.updateManyAndReturn({
    where: { id, state: "queued" },
    data: { attempts: { increment: 1 }, lastTriedAt: new Date() },
    select: { message: true, data: true, createdAt: true },
  });
  if (!row) return;
  try {
    const mail = { ...(row.data as object), message: row.message } as OutgoingMail;
    const email = await write({ mail, queuedAt: row.createdAt });
    if (email) await sendEmail({ ...email, messageId: id });
    await close(id, email ? "sent" : "obsolete");
  } catch (error) {
    const lastError = explain(error);
    if (isWorthAnotherTry(error)) {
      await db.email.updateMany({ where: { id, state: "queued" }, data: { lastError } });
      throw error;
    }
    await close(id, "failed", lastError);
    log.warn({ emailId: id, message: row.message, err: error }, "mail refused for good");
  }
}

async function close(
  id: string,
  state: "sent" | "obsolete" | "failed",
  lastError: string | null = null,
): Promise<void> {
  await db.email.updateMany({
    where: { id, state: "queued" },
    data: { state, lastError, closedAt: new Date() },
  });
}

/** What the mail server refuses for good, and what cannot be written, stays so until somebody mends it. */
function isWorthAnotherTry(error: unknown): boolean {
  if (error instanceof MailError) return error.transient;
  return !(error instanceof EmailRenderError);
}

/** For operators. The messages of these two name neither addresses nor links; any other's might. */
function explain(error: unknown): string {
  if (error instanceof MailError || error instanceof EmailRenderError) return error.message;
  return error instanceof Error ? error.name : "Error";
}
