import { z } from "zod";
import { accountName, document } from "../../accounts/schema.ts";
import { email, linkToken, personName } from "../schema.ts";

/** Who somebody is at another provider, as its verified answer says. Never from a form. */
export const identityInput = z.object({
  /** The provider's id in the settings. */
  provider: z.string(),
  issuer: z.string(),
  subject: z.string(),
  /** In lower case; null where the provider gives none, or one that is no address. */
  email: z.string().nullable(),
  /** What the provider says; whether that counts is for `provenEmail` to tell. */
  emailVerified: z.boolean(),
  name: z.string().nullable(),
});

export const unlinkIdentityInput = z.object({ id: z.uuid() });

export const confirmWithIdentityInput = z.object({
  token: linkToken,
  identity: identityInput,
});

/** The sign-up form of somebody who comes from a provider. */
export const identitySignUpFields = z.object({ name: personName, email, accountName, document });

export const signUpWithIdentityInput = identitySignUpFields.extend({ identity: identityInput });
