import { z } from "zod";
import { identityInput } from "../identity/providers/schema.ts";
import { email, linkToken, newPassword, personName } from "../identity/schema.ts";
import { providerRoles } from "../identity/staff/states.ts";
import { memberRoles } from "../members/roles.ts";
import { cursorParameter } from "../paging.ts";

export const inviteMemberInput = z.object({ email, role: z.enum(memberRoles, "chooseOne") });
export const inviteStaffInput = z.object({ email, providerRole: z.enum(providerRoles, "chooseOne") });

/** One that is still pending. */
export const invitationInput = z.object({ id: z.uuid() });

/** What a link alone stands for. */
export const invitationLinkInput = z.object({ token: linkToken });

/** Somebody who is no user yet, and chooses a password. */
export const acceptAsNewUserInput = z.object({ token: linkToken, name: personName, password: newPassword });

/** Somebody who is no user yet, and signs in by another provider from now on. The identity comes from its cookie. */
export const acceptWithIdentityInput = z.object({
  token: linkToken,
  name: personName,
  identity: identityInput,
});

/** The query of the list of invitations. What does not fit is as if it were not there. */
export const invitationFilter = z.object({ after: cursorParameter });
