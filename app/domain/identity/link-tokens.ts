import type { LinkPurpose } from "#app/generated/prisma/enums.ts";
import { db, type Transaction } from "#app/ports/db.server.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { hashToken, newToken } from "./token.ts";

const hourMs = 3_600_000;

/** How long a link works, in hours; mails say so. An invitation's ends with the invitation, at the latest. */
export const linkHours: Record<LinkPurpose, number> = {
  password_reset: 1,
  email_change: 24,
  invitation: 7 * 24,
  invitation_copy: 7 * 24,
  operator_recovery: 1,
};

/**
 * Mints the token of a link that works once (ASVS 6.4.1): 256 random bits, of which the database holds the hash. Called
 * when the link is mailed or shown, so that it lies in no job. Several links may stand for one subject.
 *
 * @param subjectId the user, the e-mail change or the invitation that the link is for
 */
export async function mintLinkToken(
  purpose: LinkPurpose,
  subjectId: string,
  tx: Transaction = db,
): Promise<string> {
  const token = newToken();
  const expiresAt = new Date(Date.now() + linkHours[purpose] * hourMs);
  await tx.linkToken.create({ data: { purpose, subjectId, tokenHash: hashToken(token), expiresAt } });
  return token;
}

/** The subject of a link that still works; null otherwise. Reading changes nothing: mail scanners follow links, too. */
export async function findLinkSubject(
  purpose: LinkPurpose,
  token: string,
  tx: Transaction = db,
): Promise<string | null> {
  const link = await tx.linkToken.findFirst({
    where: { purpose, tokenHash: hashToken(token), expiresAt: { gt: new Date() } },
    select: { subjectId: true },
  });
  return link?.subjectId ?? null;
}

/**
 * Uses a link up, and with it every other for the same subject. Of two requests at once, one gets the subject and the
 * other null, as for a link that is unknown or too old.
 */
export async function consumeLinkToken(
  tx: Transaction,
  purpose: LinkPurpose,
  token: string,
): Promise<string | null> {
  const tokenHash = hashToken(token);
  const link = await tx.linkToken.findFirst({
    where: { purpose, tokenHash, expiresAt: { gt: new Date() } },
    select: { subjectId: true },
  });
  if (!link) return null;
  // Two links of one subject delete each other's row: one after the other, or each waits for the other.
  await oneAtATime(tx, `link:${purpose}:${link.subjectId}`);
  // Deleting is what consumes it: of two at once, one deletes the row.
  const { count } = await tx.linkToken.deleteMany({ where: { purpose, tokenHash } });
  if (count !== 1) return null;
  await revokeLinks(tx, purpose, link.subjectId);
  return link.subjectId;
}

/** Makes every link for a subject invalid. */
export async function revokeLinks(tx: Transaction, purpose: LinkPurpose, subjectId: string): Promise<void> {
  await tx.linkToken.deleteMany({ where: { purpose, subjectId } });
}
