import { z } from "zod";
import { cursorParameter } from "../../paging.ts";
import { email, linkToken, newPassword, reason } from "../schema.ts";
import { providerRoleChoices, userFilters } from "./states.ts";

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
  token: linkToken,
  password: newPassword,
});

/** The query of the list of users. What does not fit is as if it were not there. */
export const userFilter = z.object({
  q: z.string().trim().max(200).catch(""),
  state: z.enum(userFilters).optional().catch(undefined),
  after: cursorParameter,
});
