import type { Transaction } from "#app/ports/db.server.ts";

export interface NewUser {
  /** Proved to be theirs, and in lower case. */
  email: string;
  name: string;
  /** Null for somebody who signs in by another provider. */
  passwordHash: string | null;
  locale: string;
}

/** Makes a user. An address that is taken violates `user_email_key`, which the command names a refusal for. */
export function createUser(
  tx: Transaction,
  { email, name, passwordHash, locale }: NewUser,
): Promise<{ id: string; email: string; name: string; locale: string }> {
  return tx.user.create({
    data: { email, name, passwordHash, locale },
    select: { id: true, email: true, name: true, locale: true },
  });
}
