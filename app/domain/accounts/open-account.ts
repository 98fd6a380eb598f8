import { randomInt } from "node:crypto";
import type { Transaction } from "#app/ports/db.server.ts";
import { addMember } from "../members/add-member.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { announceSubmission } from "./announce-submission.ts";

/**
 * Makes a pending account with its first owner. Where another live account has the document, the
 * account starts out rejected with that cause: its owner is known by then and can correct it, while
 * a stranger at the sign-up form learned nothing.
 */
export async function openAccount(
  tx: Transaction,
  { name, document, ownerId }: { name: string; document: string; ownerId: string },
) {
  const taken = await isDocumentTaken(tx, document);
  const account = await tx.account.create({
    data: {
      slug: await freeSlug(tx, name),
      name,
      document,
      ...(taken ? { state: "rejected", rejectionCause: "document_taken", rejectedAt: new Date() } : {}),
    },
    select: { id: true, slug: true, name: true, state: true },
  });
  await addMember(tx, { accountId: account.id, userId: ownerId, role: "owner" });
  if (!taken) await announceSubmission(tx, account.id);
  return account;
}

/** Serialised per document until the transaction ends: of two at once, the second sees the first. */
export async function isDocumentTaken(
  tx: Transaction,
  document: string,
  exceptAccountId?: string,
): Promise<boolean> {
  await oneAtATime(tx, `account-document:${document}`);
  const holders = await tx.account.count({
    where: {
      document,
      state: { notIn: ["rejected", "closed"] },
      ...(exceptAccountId ? { id: { not: exceptAccountId } } : {}),
    },
  });
  return holders > 0;
}

/** Addresses under /accounts that are not accounts. */
const reservedSlugs = new Set(["new"]);

async function freeSlug(tx: Transaction, name: string): Promise<string> {
  const base = slugify(name);
  // Two accounts of one name at once would both find it free.
  await oneAtATime(tx, `account-slug:${base}`);
  if (!reservedSlugs.has(base) && (await tx.account.count({ where: { slug: base } })) === 0) return base;
  // Random, since a counter would tell how many accounts of that name there are.
  return `${base}-${randomInt(36 ** 4)
    .toString(36)
    .padStart(4, "0")}`;
}

/** `Padaria São João` → `padaria-sao-joao`; `account` where nothing is left. */
function slugify(name: string): string {
  const ascii = name
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
  return (
    ascii
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 40)
      .replace(/^-+|-+$/g, "") || "account"
  );
}
