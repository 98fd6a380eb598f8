import { db, sql } from "#app/ports/db.server.ts";
import type { SecretColumn } from "../encryption/rotate-secrets.ts";
import { managementSecretContext } from "./engine-tenant.ts";

/** The secrets of the accounts' management keys, for when the key that encrypts them changes. */
export const managementSecrets: SecretColumn = {
  owner: "account",
  context: managementSecretContext,
  rows: sql`
    SELECT id, management_secret_encrypted AS encrypted FROM account
    WHERE management_secret_encrypted IS NOT NULL`,
  replace: ({ id, encrypted }, renewed) =>
    db.account.updateMany({
      where: { id, managementSecretEncrypted: encrypted },
      data: { managementSecretEncrypted: renewed },
    }),
};
