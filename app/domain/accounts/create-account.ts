import { command } from "../command.ts";
import { userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { isDocumentTaken, openAccount } from "./open-account.ts";
import { createAccountInput } from "./schema.ts";

/** Makes the caller the owner of a further account, which waits for approval as any other. */
export const createAccount = command({
  action: "accounts:create",
  input: createAccountInput,
  // Each takes an operator's time.
  throttle: ({ context }) => [["accounts", userIdOf(context)]],

  async run({ tx, input, context }) {
    if (await isDocumentTaken(tx, input.document))
      throw new DomainError("document-taken", { field: "document" });
    return openAccount(tx, {
      name: input.accountName,
      document: input.document,
      ownerId: userIdOf(context),
    });
  },

  audit: ({ output }) => ({
    resourceType: "account",
    resourceId: output.id,
    details: { accountId: output.id },
  }),
});
