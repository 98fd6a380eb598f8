import { z } from "zod";
import { cursorParameter } from "../paging.ts";
import { memberRoles, rolesAfterTransfer } from "./roles.ts";

/** `id` is the membership's, not the user's. */
export const changeRoleInput = z.object({ id: z.uuid(), role: z.enum(memberRoles, "chooseOne") });

export const removeMemberInput = z.object({
  id: z.uuid(),
  /** A ticked box: the access keys that the person made are revoked. */
  revokeKeys: z.preprocess((value) => value === "on" || value === true, z.boolean()).default(false),
});

export const leaveAccountInput = z.object({});

export const transferOwnershipInput = z.object({
  id: z.uuid(),
  /** What the caller is from then on. */
  ownRole: z.enum(rolesAfterTransfer, "chooseOne"),
});

/** The query of the list of members. What does not fit is as if it were not there. */
export const memberFilter = z.object({
  q: z.string().trim().max(200).catch(""),
  after: cursorParameter,
});
