import { db, sql } from "#app/ports/db.server.ts";
import type { SecretColumn } from "../../encryption/rotate-secrets.ts";
import { secretContext } from "./secret.ts";

/** The secrets of second factors, for when the key that encrypts them changes. */
export const secondFactorSecrets: SecretColumn = {
  owner: "user",
  context: secretContext,
  rows: sql`SELECT user_id AS id, secret_encrypted AS encrypted FROM second_factor`,
  replace: ({ id, encrypted }, renewed) =>
    db.secondFactor.updateMany({
      where: { userId: id, secretEncrypted: encrypted },
      data: { secretEncrypted: renewed },
    }),
};
