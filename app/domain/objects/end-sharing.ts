import { applyRenewedObjectKey, renewObjectKey } from "../accounts/object-key.ts";
import { accountIdOf } from "../context.ts";
import { engineCommand } from "../engine-command.ts";
import { endSharingInput } from "./schema.ts";

/**
 * Ends all links that were ever shared in the account: the key that signed them is given another secret, and the old one
 * is forgotten by the engine. The other keys of the account are not touched.
 */
export const endSharing = engineCommand({
  action: "objects:end-sharing",
  input: endSharingInput,
  begin: async ({ tx, context }) => {
    const accountId = accountIdOf(context);
    return { accountId, hadKey: await renewObjectKey(tx, accountId) };
  },
  async act({ begun: { accountId, hadKey } }): Promise<void> {
    if (hadKey) await applyRenewedObjectKey(accountId);
  },
  audit: ({ begun: { accountId } }) => ({ resourceType: "account", resourceId: accountId }),
});
