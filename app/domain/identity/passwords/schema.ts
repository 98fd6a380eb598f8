import { z } from "zod";
import { email, linkToken, newPassword, presentPassword } from "../schema.ts";

export const requestPasswordResetInput = z.object({ email });

export const resetPasswordInput = z.object({
  token: linkToken,
  password: newPassword,
});

export const changePasswordInput = z.object({
  currentPassword: presentPassword,
  newPassword,
});

/** For somebody who signs in by another provider and has no password yet. */
export const setPasswordInput = changePasswordInput.omit({ currentPassword: true });
