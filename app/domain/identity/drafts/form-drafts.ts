import { randomUUID } from "node:crypto";
import { db, type Transaction } from "#app/ports/db.server.ts";
import { decrypt, encrypt, hasKeyFor } from "#app/ports/encryption.server.ts";

/** How long what somebody typed is kept for them. */
export const draftMinutes = 30;
/** Longer forms are not kept. */
const longestBytes = 64 * 1024;
/** So many browsers of one person can each have one; the oldest goes. */
const draftsPerUser = 5;

/** What stood in a form that could not be taken when it was posted. */
export interface FormDraft {
  /** Path and query that it was posted to. */
  path: string;
  /** Names and values in their order, without secrets: the caller leaves those out. */
  fields: [name: string, value: string][];
}

/**
 * Keeps a form, encrypted, for the person whose session posted it, in the place of an older one of the same address.
 * Answers the draft's id, or null where it is longer than 64 KB or where nothing was filled in.
 */
export async function keepFormDraft(userId: string, { path, fields }: FormDraft): Promise<string | null> {
  const text = JSON.stringify(fields);
  const isEmpty = fields.every(([, value]) => value === "");
  if (isEmpty || Buffer.byteLength(text) > longestBytes) return null;
  const id = randomUUID();
  await db.$transaction(async (tx) => {
    await tx.formDraft.deleteMany({ where: { userId, path } });
    const kept = await tx.formDraft.findMany({
      where: { userId },
      orderBy: { expiresAt: "desc" },
      take: draftsPerUser - 1,
      select: { id: true },
    });
    await tx.formDraft.deleteMany({ where: { userId, id: { notIn: kept.map((draft) => draft.id) } } });
    await tx.formDraft.create({
      data: {
        id,
        userId,
        path,
        fieldsEncrypted: encrypt(text, encryptionContext(id)),
        expiresAt: new Date(Date.now() + draftMinutes * 60_000),
      },
    });
  });
  return id;
}

/** A draft of this person's; null where there is none, or where it is too old. */
export async function findFormDraft(id: string, userId: string): Promise<FormDraft | null> {
  const draft = await db.formDraft.findFirst({ where: { id, userId, expiresAt: { gt: new Date() } } });
  return draft && openDraft(draft);
}

/** All of one person's, also for the copy of their data. */
export async function listFormDrafts(tx: Transaction, userId: string): Promise<(FormDraft | null)[]> {
  const drafts = await tx.formDraft.findMany({ where: { userId } });
  return drafts.map(openDraft);
}

/** Null where the key is gone. */
function openDraft(draft: { id: string; path: string; fieldsEncrypted: string }): FormDraft | null {
  if (!hasKeyFor(draft.fieldsEncrypted)) return null;
  const text = decrypt(draft.fieldsEncrypted, encryptionContext(draft.id));
  return { path: draft.path, fields: JSON.parse(text) as FormDraft["fields"] };
}

/** Removes a draft once its form was posted. Answers whether it was this person's and of that address. */
export async function forgetFormDraft(id: string, userId: string, path: string): Promise<boolean> {
  const { count } = await db.formDraft.deleteMany({ where: { id, userId, path } });
  return count === 1;
}

function encryptionContext(id: string): string {
  return `form-draft:${id}`;
}
