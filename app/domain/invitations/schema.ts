import { z } from "zod";
import { identityInput } from "../identity/providers/schema.ts";
import { email, newPassword, personName } from "../identity/schema.ts";
import { memberRoles } from "../members/roles.ts";
import { cursorParameter } from "../paging.ts";
import { staffRoles } from "./staff-roles.ts";

export const inviteMemberInput = z.object({ email, role: z.enum(memberRoles, "chooseOne") });
export const inviteStaffInput = z.object({ email, providerRole: z.enum(staffRoles, "chooseOne") });

/** One that is still pending. */
export const invitationInput = z.object({ id: z.uuid() });

const token = z.string().min(1).max(100);

/** What a link alone stands for. */
export const invitationLinkInput = z.object({ token });

/** Somebody who is no user yet, and chooses a password. */
export const acceptAsNewUserInput = z.object({ token, name: personName, password: newPassword });

/** Somebody who is no user yet, and signs in by another provider from now on. The identity comes from its cookie. */
export const acceptWithIdentityInput = z.object({
  token,
  name: personName,
  identity: identityInput,
});

/** The query of the list of invitations. What does not fit is as if it were not there. */
export const invitationFilter = z.object({ after: cursorParameter });
