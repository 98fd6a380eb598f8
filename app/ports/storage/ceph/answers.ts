import type { z } from "zod";
import { StorageError, type StorageErrorCode } from "../errors.ts";
import type { Call } from "./call.ts";

/** Parses a JSON answer of Admin Ops. `unexpected` when it has another shape: a proxy's page, say. */
export function readAnswer<T>(call: Call, schema: z.ZodType<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StorageError("unexpected", { operation: call.operation, engineCode: "InvalidJson" });
  }
  const result = schema.safeParse(json);
  // Not zod's own error, which would quote the answer.
  if (!result.success) {
    throw new StorageError("unexpected", { operation: call.operation, engineCode: "InvalidAnswer" });
  }
  return result.data;
}

export function isStorageError(error: unknown, code: StorageErrorCode): error is StorageError {
  return error instanceof StorageError && error.code === code;
}

/**
 * What was asked for, or undefined where the engine says that there is none.
 *
 * @param engineCode its code for that, such as `NoSuchTagSet`; a missing bucket stays an error
 */
export async function unlessAbsent<T>(engineCode: string, request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isStorageError(error, "not-found") && error.engineCode === engineCode) return undefined;
    throw error;
  }
}
