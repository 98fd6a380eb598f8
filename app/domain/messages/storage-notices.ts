import { db } from "#app/ports/db.server.ts";
import type { WrittenEmail } from "../mail/deliver-email.ts";
import type { NotificationMail } from "../mail/outgoing.ts";
import { compose, findMemberToTell, link, numberIn, textIn, timeIn } from "./compose.ts";

/** Something was changed at the engine without the console. */
export async function writeStorageChange(mail: NotificationMail): Promise<WrittenEmail | null> {
  const found = await findMemberToTell(mail);
  if (!found) return null;
  const { reader, account, shared } = found;
  // Decided, or in order again, before the mail went out.
  if ((await db.finding.count({ where: { accountId: account.id, state: "open" } })) === 0) return null;
  const url = link("accounts", account.slug, "reconciliation");
  return compose(reader, "storage-changed-elsewhere", { ...shared, url });
}

type KeyNotice =
  | "access-key-expiring"
  | "access-key-rotation-started"
  | "access-key-rotation-ending"
  | "access-key-rotation-finished"
  | "access-key-rotation-undone";

/** A key is about to stop working, or is being replaced by another. */
export async function writeKeyNotice(
  message: KeyNotice,
  mail: NotificationMail,
): Promise<WrittenEmail | null> {
  const found = await findMemberToTell(mail);
  if (!found) return null;
  const { reader, account } = found;
  const keyId = textIn(mail, "keyId");
  const keyPage = ["accounts", account.slug, "access-keys", keyId];
  const shared = { ...found.shared, keyName: textIn(mail, "name"), url: link(...keyPage) };
  switch (message) {
    case "access-key-rotation-finished":
      return compose(reader, message, { ...shared, until: timeIn(mail, "until") });
    case "access-key-rotation-undone":
      return compose(reader, message, shared);
    case "access-key-expiring": {
      // Revoked meanwhile: nothing is left to do about it.
      const key = { id: keyId, accountId: account.id, revokedAt: null };
      if ((await db.accessKey.count({ where: key })) === 0) return null;
      return compose(reader, message, { ...shared, expiresAt: timeIn(mail, "expiresAt") });
    }
    default: {
      // Finished or undone meanwhile: a mail of its own says so.
      const rotation = { oldKeyId: keyId, accountId: account.id, state: "running" } as const;
      if ((await db.accessKeyRotation.count({ where: rotation })) === 0) return null;
      const url = link(...keyPage, "rotation");
      return compose(reader, message, { ...shared, url, until: timeIn(mail, "until") });
    }
  }
}

/** A bucket was emptied, or that was stopped, or failed. */
export async function writeEmptyingNotice(mail: NotificationMail): Promise<WrittenEmail | null> {
  const found = await findMemberToTell(mail);
  if (!found) return null;
  const { reader, account, shared } = found;
  return compose(reader, "bucket-emptied", {
    ...shared,
    bucketName: textIn(mail, "name"),
    outcome: textIn(mail, "outcome"),
    removed: numberIn(mail, "removed"),
    url: link("accounts", account.slug, "buckets", textIn(mail, "bucketId"), "emptying"),
  });
}

/** A limit is nearly reached, or a request for a higher one was decided on. */
export async function writeQuotaNotice(
  message: "quota-warning" | "quota-decided",
  mail: NotificationMail,
): Promise<WrittenEmail | null> {
  const found = await findMemberToTell(mail);
  if (!found) return null;
  const { reader, account } = found;
  const shared = { ...found.shared, resource: textIn(mail, "resource") };
  return message === "quota-warning"
    ? compose(reader, message, {
        ...shared,
        percent: numberIn(mail, "percent"),
        url: link("accounts", account.slug, "usage"),
      })
    : compose(reader, message, {
        ...shared,
        decision: textIn(mail, "decision"),
        url: link("accounts", account.slug, "quotas"),
      });
}
