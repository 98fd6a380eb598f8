import { z } from "zod";
import { cursorParameter } from "../../paging.ts";
import { email, newPassword } from "../schema.ts";
import { providerRoleChoices, userFilters } from "./states.ts";

/** Why an operator does something to somebody's user: it stands in the audit log. */
const reason = z.string().trim().min(1).max(1_000);
const userId = z.uuid();

export const disableUserInput = z.object({ userId, reason });
export const enableUserInput = disableUserInput;
export const sendPasswordResetInput = disableUserInput;

export const changeProviderRoleInput = z.object({
  userId,
  role: z.enum(providerRoleChoices, "chooseOne"),
  reason,
});

export const issueRecoveryLinkInput = z.object({ email, promote: z.boolean() });

export const completeRecoveryInput = z.object({
  token: z.string().min(1).max(100),
  password: newPassword,
});

/** The query of the list of users. What does not fit is as if it were not there. */
export const userFilter = z.object({
  q: z.string().trim().max(200).catch(""),
  state: z.enum(userFilters).optional().catch(undefined),
  after: cursorParameter,
});
