import { z } from "zod";
import { knownDevices, presentPassword, reason } from "../schema.ts";

/** Six digits, or a recovery code: however it is typed, `consumeCode` reads it. */
const code = z.string().trim().min(1).max(60);

export const enableSecondFactorInput = z.object({
  /** The secret that the page showed, as `offerSecondFactor` sealed it. */
  sealedSecret: z.string().min(1).max(400),
  code,
});

export const renewRecoveryCodesInput = z.object({
  /** The codes that the page said would be replaced. */
  setId: z.uuid(),
});

export const disableSecondFactorInput = z.object({});

export const resetSecondFactorInput = z.object({
  userId: z.uuid(),
  reason,
});

export const verifySecondFactorInput = z.object({
  sessionId: z.uuid(),
  userId: z.uuid(),
  code,
  devices: knownDevices,
});

export const reauthenticateInput = z.object({
  password: presentPassword,
  /** For who has a second factor. */
  code: code.optional(),
});
