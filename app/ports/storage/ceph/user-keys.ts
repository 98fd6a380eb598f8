import type { AccessKeyPair } from "../driver.ts";
import type { EngineUser } from "./admin-users.ts";
import { isStorageError } from "./answers.ts";
import type { Call } from "./call.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

/** Makes this pair the user's only key. `already-exists` when the id is another user's. */
export async function replaceKeys(
  config: EngineConfig,
  call: Call,
  uid: string,
  user: EngineUser,
  key: AccessKeyPair,
): Promise<void> {
  await ensureKey(config, call, uid, user, key);
  for (const { access_key } of user.keys) {
    if (access_key !== key.accessKeyId) await removeKey(config, call, uid, access_key);
  }
}

/** Gives the user this pair beside the keys it has. `already-exists` when the id is another user's. */
export async function ensureKey(
  config: EngineConfig,
  call: Call,
  uid: string,
  user: EngineUser,
  key: AccessKeyPair,
): Promise<void> {
  const held = user.keys.find(({ access_key }) => access_key === key.accessKeyId);
  const works = held?.secret_key === key.secretAccessKey && (await isIndexed(config, call, key));
  if (!works) {
    // A key that the user's record names and the index lacks is put into the index only when it is new.
    if (held) await removeKey(config, call, uid, key.accessKeyId);
    await sendAdminRequest(config, call, {
      method: "PUT",
      path: "/admin/user",
      service: "s3",
      query: {
        key: "",
        uid,
        "access-key": key.accessKeyId,
        "secret-key": key.secretAccessKey,
      },
    });
  }
}

// A gateway killed while it created the user may have written the record and not the index, by which it finds
// the user of a request's access key.
async function isIndexed(config: EngineConfig, call: Call, key: AccessKeyPair): Promise<boolean> {
  try {
    await sendAdminRequest(config, call, {
      method: "GET",
      path: "/admin/user",
      service: "s3",
      query: { "access-key": key.accessKeyId },
    });
    return true;
  } catch (error) {
    // The gateway answers 403 AccessDenied, though it answered the admin key a moment ago.
    if (isStorageError(error, "not-found") || isStorageError(error, "denied")) return false;
    throw error;
  }
}

/** Removes one key of a user. Success when it is not there. */
export async function removeKey(
  config: EngineConfig,
  call: Call,
  uid: string,
  accessKeyId: string,
): Promise<void> {
  try {
    await sendAdminRequest(config, call, {
      method: "DELETE",
      path: "/admin/user",
      service: "s3",
      query: { key: "", uid, "access-key": accessKeyId },
    });
  } catch (error) {
    // 403 InvalidAccessKeyId is the gateway's answer about a key that is gone.
    const gone = isStorageError(error, "denied") && error.engineCode === "InvalidAccessKeyId";
    if (!gone && !isStorageError(error, "not-found")) throw error;
  }
}
