import { z } from "zod";
import { email, newPassword } from "../schema.ts";

export const requestPasswordResetInput = z.object({ email });

export const resetPasswordInput = z.object({
  token: z.string().min(1).max(100),
  password: newPassword,
});

export const changePasswordInput = z.object({
  currentPassword: z.string().min(1).max(1_024),
  newPassword,
});

/** For somebody who signs in by another provider and has no password yet. */
export const setPasswordInput = changePasswordInput.omit({ currentPassword: true });
