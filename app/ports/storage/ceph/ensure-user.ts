import { createUser, findUser, modifyUser, type WantedUser } from "./admin-users.ts";
import { isStorageError } from "./answers.ts";
import type { Call } from "./call.ts";
import type { EngineConfig } from "./signed-request.ts";
import { replaceKeys } from "./user-keys.ts";

/**
 * Creates a user, or brings the present one to the wanted shape, and leaves `key` as its only key. Suspended or
 * not stays as it is. Put its policy afterwards (policies.ts).
 *
 * @throws StorageError `already-exists` when the access key id is another user's.
 */
export async function ensureUser(config: EngineConfig, call: Call, wanted: WantedUser): Promise<void> {
  let user = await findUser(config, call, wanted.uid);
  if (!user) {
    try {
      return await createUser(config, call, wanted);
    } catch (error) {
      if (!isStorageError(error, "already-exists")) throw error;
      // Either another call was faster, or the key id is taken: then there is still no such user.
      user = await findUser(config, call, wanted.uid);
      if (!user) throw error;
    }
  }
  // Only what differs: until its policy is put again, a user that changed may do nothing.
  if (user.display_name !== wanted.displayName || user.max_buckets !== wanted.maxBuckets) {
    await modifyUser(config, call, wanted.uid, wanted);
  }
  await replaceKeys(config, call, wanted.uid, user, wanted.key);
}
