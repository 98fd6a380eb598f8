import type { Transaction } from "#app/ports/db.server.ts";
import { queueEmails } from "../mail/queue-email.ts";
import { type ListedKind, settingsOf } from "./kinds.ts";

export interface NotificationToSend {
  kind: ListedKind;
  /** Each is told once. */
  userIds: readonly string[];
  /** The account that it is about; null where it is about the person, or the installation. */
  accountId: string | null;
  /** Ids and harmless names of what it is about, for the sentence and its link. Never a secret. */
  data?: Record<string, string | number>;
}

/**
 * Tells people something, within the caller's transaction: a row in their notifications and a mail, as each of them
 * chose for this kind. Who is disabled is told nothing. The number of statements is the same for any number of people.
 */
export async function notify(tx: Transaction, notification: NotificationToSend): Promise<void> {
  const { kind, accountId, data = {} } = notification;
  const told = await findChoices(tx, kind, notification.userIds);
  const inApp = told.filter((choice) => choice.inApp);
  await tx.notification.createMany({
    data: inApp.map(({ userId }) => ({ userId, accountId, kind, data })),
  });
  const byMail = told.filter((choice) => choice.email);
  await queueEmails(
    tx,
    byMail.map(({ userId }) => ({ message: kind, userId, accountId, data })),
  );
}

interface Choice {
  userId: string;
  inApp: boolean;
  email: boolean;
}

/** What each of these people chose for the kind; all of it where they chose nothing, or cannot. */
async function findChoices(tx: Transaction, kind: ListedKind, userIds: readonly string[]): Promise<Choice[]> {
  const choices = await tx.$queryRaw<Choice[]>`
    SELECT u.id AS "userId",
           coalesce(bool_and(p.enabled) FILTER (WHERE p.channel = 'in_app'), true) AS "inApp",
           coalesce(bool_and(p.enabled) FILTER (WHERE p.channel = 'email'), true) AS email
    FROM "user" u
    LEFT JOIN notification_preference p ON p.user_id = u.id AND p.kind = ${kind}
    WHERE u.id = ANY(${[...new Set(userIds)]}::uuid[]) AND u.disabled_at IS NULL
    GROUP BY u.id`;
  if (!settingsOf(kind).always) return choices;
  return choices.map(({ userId }) => ({ userId, inApp: true, email: true }));
}
