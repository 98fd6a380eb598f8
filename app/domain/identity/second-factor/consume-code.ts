import type { Transaction } from "#app/ports/db.server.ts";
import { notify } from "../../notifications/notify.ts";
import { countRecoveryCodes, hashRecoveryCode } from "./recovery-codes.ts";
import { openSecret } from "./secret.ts";
import { stepOf } from "./totp.ts";

/** What somebody proved the second factor with. */
export type CodeKind = "totp" | "recovery-code";

/**
 * Uses a code up: of the generator, or a recovery code. Answers which it was, or null where it is wrong or was used
 * before. Check and use are one statement: of two requests with the same code at once, one gets through (ASVS 6.5.1).
 */
export async function consumeCode(tx: Transaction, userId: string, typed: string): Promise<CodeKind | null> {
  if (isGenerated(typed)) return (await consumeGenerated(tx, userId, withoutSpaces(typed))) ? "totp" : null;
  return (await consumeRecoveryCode(tx, userId, typed)) ? "recovery-code" : null;
}

/** Six digits: a code that could be guessed, and so is throttled. Recovery codes are not: nobody guesses 80 bits. */
export function isGenerated(typed: string): boolean {
  return /^\d{6}$/.test(withoutSpaces(typed));
}

/** Apps show codes in two groups. */
function withoutSpaces(typed: string): string {
  return typed.replace(/\s/g, "");
}

async function consumeGenerated(tx: Transaction, userId: string, code: string): Promise<boolean> {
  const factor = await tx.secondFactor.findUnique({
    where: { userId, confirmedAt: { not: null } },
    select: { secretEncrypted: true },
  });
  if (!factor) return false;
  const step = stepOf(openSecret(factor.secretEncrypted, userId), code);
  if (step === null) return false;
  const { count } = await tx.secondFactor.updateMany({
    where: {
      userId,
      // Replaced since it was read: the code is of a generator that no longer counts.
      secretEncrypted: factor.secretEncrypted,
      OR: [{ lastUsedStep: null }, { lastUsedStep: { lt: step } }],
    },
    data: { lastUsedStep: step },
  });
  return count === 1;
}

async function consumeRecoveryCode(tx: Transaction, userId: string, typed: string): Promise<boolean> {
  const { count } = await tx.recoveryCode.updateMany({
    where: { userId, codeHash: hashRecoveryCode(typed), usedAt: null },
    data: { usedAt: new Date() },
  });
  if (count !== 1) return false;
  const left = await countRecoveryCodes(tx, userId);
  await notify(tx, { kind: "recovery-code-used", userIds: [userId], accountId: null, data: { left } });
  return true;
}
