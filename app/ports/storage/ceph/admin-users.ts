import { z } from "zod";
import type { AccessKeyPair } from "../driver.ts";
import { StorageError } from "../errors.ts";
import { isStorageError, readAnswer } from "./answers.ts";
import type { Call } from "./call.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

/** A user of the gateway. Holds secret keys: never log or return it. */
export type EngineUser = z.infer<typeof engineUser>;

const engineUser = z.object({
  display_name: z.string(),
  suspended: z.coerce.boolean(),
  max_buckets: z.number(),
  keys: z.array(z.object({ access_key: z.string(), secret_key: z.string() })),
});

const engineUserList = z.object({
  keys: z.array(z.string()),
  // A string in some listings of the gateway.
  truncated: z.union([z.boolean(), z.stringbool()]),
  marker: z.string().optional(),
});

export interface WantedUser {
  uid: string;
  displayName: string;
  key: AccessKeyPair;
  /** 0 is unlimited, -1 is none. */
  maxBuckets: number;
}

/** Creates a user with this pair as its only key. `already-exists` for the user and for the key id alike. */
export async function createUser(config: EngineConfig, call: Call, user: WantedUser): Promise<void> {
  await sendAdminRequest(config, call, {
    method: "PUT",
    path: "/admin/user",
    service: "s3",
    query: {
      uid: user.uid,
      "display-name": user.displayName,
      "access-key": user.key.accessKeyId,
      "secret-key": user.key.secretAccessKey,
      "max-buckets": String(user.maxBuckets),
    },
  });
}

/** The user with its keys, or undefined. */
export async function findUser(
  config: EngineConfig,
  call: Call,
  uid: string,
): Promise<EngineUser | undefined> {
  try {
    const text = await sendAdminRequest(config, call, {
      method: "GET",
      path: "/admin/user",
      service: "s3",
      query: { uid },
    });
    return readAnswer(call, engineUser, text);
  } catch (error) {
    if (isStorageError(error, "not-found")) return undefined;
    throw error;
  }
}

/** Changes what is named and leaves the rest. `not-found` without such a user. */
export async function modifyUser(
  config: EngineConfig,
  call: Call,
  uid: string,
  change: { displayName?: string; suspended?: boolean; maxBuckets?: number },
): Promise<void> {
  await sendAdminRequest(config, call, {
    method: "POST",
    path: "/admin/user",
    service: "s3",
    query: {
      uid,
      ...(change.displayName === undefined ? {} : { "display-name": change.displayName }),
      ...(change.suspended === undefined ? {} : { suspended: change.suspended ? "1" : "0" }),
      ...(change.maxBuckets === undefined ? {} : { "max-buckets": String(change.maxBuckets) }),
    },
  });
}

/** Removes a user and its keys; never its data. Success when it is not there. */
export async function removeUser(config: EngineConfig, call: Call, uid: string): Promise<void> {
  try {
    await sendAdminRequest(config, call, {
      method: "DELETE",
      path: "/admin/user",
      service: "s3",
      query: { uid },
    });
  } catch (error) {
    if (isStorageError(error, "not-found")) return;
    // The gateway's misleading answer for a user that still owns a bucket.
    if (isStorageError(error, "bucket-taken")) {
      const { status, engineCode, requestId } = error;
      throw new StorageError("bucket-not-empty", {
        operation: call.operation,
        status,
        engineCode,
        requestId,
      });
    }
    throw error;
  }
}

/** All uids of the engine, in no useful order, read a page at a time. */
export async function* allUsers(config: EngineConfig, call: Call): AsyncGenerator<string> {
  let marker: string | undefined;
  do {
    const page = await listUsers(config, call, { marker, limit: 1000 });
    yield* page.uids;
    marker = page.marker;
  } while (marker !== undefined);
}

/** One page of all uids of the engine, in no useful order. */
export async function listUsers(
  config: EngineConfig,
  call: Call,
  page: { marker?: string | undefined; limit: number },
): Promise<{ uids: string[]; marker: string | undefined }> {
  const text = await sendAdminRequest(config, call, {
    method: "GET",
    path: "/admin/user",
    service: "s3",
    query: {
      list: "",
      "max-entries": String(page.limit),
      ...(page.marker === undefined ? {} : { marker: page.marker }),
    },
  });
  const list = readAnswer(call, engineUserList, text);
  return { uids: list.keys, marker: list.truncated ? list.marker : undefined };
}
