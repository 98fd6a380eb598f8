import { command } from "../../command.ts";
import { DomainError } from "../../errors.ts";
import { completeSignUp, getSignUp } from "../sign-up/complete-sign-up.ts";
import { linkLimits } from "../throttling/link-throttle.ts";
import { confirmWithIdentityInput } from "./schema.ts";

/**
 * Confirms a sign-up that came from a provider, by its mailed link and the same identity again: who follows the link
 * need not be who filled in the form. Throws `wrong-identity`, which leaves the link as it was, and `link-invalid`.
 */
export const confirmWithIdentity = command({
  action: "sign-ups:confirm",
  input: confirmWithIdentityInput,
  throttle: linkLimits,
  // Two sign-ups for one address, both confirmed: the first has the address.
  conflicts: { user_email_key: { code: "link-invalid" } },

  async run({ tx, input: { token, identity }, context }) {
    const signUp = await getSignUp(tx, token);
    if (signUp.issuer !== identity.issuer || signUp.subject !== identity.subject)
      throw new DomainError("wrong-identity");
    return completeSignUp(tx, signUp, context);
  },

  audit: ({ output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { accountId: output.accountId },
    personal: { email: output.email },
  }),
});
