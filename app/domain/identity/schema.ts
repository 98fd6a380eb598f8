import { z } from "zod";
import { accountName, document } from "../accounts/schema.ts";

/** Kept and compared in lower case. */
export const email = z
  .string()
  .trim()
  .max(254)
  .transform((typed) => typed.toLowerCase())
  .pipe(z.email("email"));

export const personName = z.string().trim().min(1).max(120);

/**
 * A new password: 12 characters or more, any of them, never trimmed or cut (ASVS 6.2.1, 6.2.5, 6.2.8).
 * The upper bound only keeps hashing affordable.
 */
export const newPassword = z.string().min(12, "passwordTooShort").max(1_024);

/** A password as it was chosen; whether it is long enough was asked then. */
export const presentPassword = z.string().min(1).max(1_024);

/** What stands in a link that works once. */
export const linkToken = z.string().min(1).max(100);

/** Why an operator does something to somebody's user: it stands in the audit log. */
export const reason = z.string().trim().min(1).max(1_000);

export const signUpInput = z.object({
  name: personName,
  email,
  password: newPassword,
  accountName,
  document,
});

export const confirmSignUpInput = z.object({
  token: linkToken,
  password: presentPassword,
});

export const logInInput = z.object({
  email: z.string().trim().min(1).max(254),
  password: presentPassword,
});

export const knownDevice = z.object({ userId: z.uuid(), deviceId: z.string().max(100) });

/** Who has signed in with this browser before, as its signed cookie says. */
export const knownDevices = z.array(knownDevice).default([]);

/** What signing in takes: the form, and what the browser's signed cookie says of it. */
export const logInWithDeviceInput = logInInput.extend({ devices: knownDevices });

export const logOutInput = z.object({ sessionId: z.uuid() });

export const completeSetupInput = z.object({
  token: linkToken,
  name: personName,
  email,
  password: newPassword,
});

export const changeLocaleInput = z.object({ locale: z.enum(["pt-BR", "en"], "chooseOne") });
