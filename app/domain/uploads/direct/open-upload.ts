import type { z } from "zod";
import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { publicEndpoint } from "../../access-keys/public-endpoint.ts";
import { readObjectKey } from "../../accounts/object-key.ts";
import { authorizeInAccount } from "../../authorization.ts";
import { getActiveBucket } from "../../buckets/active-bucket.ts";
import type { Context } from "../../context.ts";
import { DomainError, InvalidInput } from "../../errors.ts";
import { toInputIssues } from "../../input-issues.ts";
import { openUploadInput, signPartsInput } from "../schema.ts";
import { partsOf, type UploadPart } from "./parts-of.ts";

/** Long enough for a part on a slow line to begin, since only its beginning counts; a new one costs a request. */
const signedForSeconds = 3_600;

/**
 * Addresses to which parts of an open upload can be sent, for an hour, by whoever has them. Asks the engine nothing: one
 * that is not open is found out by the first part.
 */
export async function signParts(
  context: Context,
  rawInput: unknown,
): Promise<{ urls: { partNumber: number; url: string }[]; expiresInSeconds: number }> {
  const { place, input } = await openUpload(context, signPartsInput, rawInput);
  const { endpoint } = publicEndpoint();
  const urls = await Promise.all(
    input.partNumbers.map(async (partNumber) => ({
      partNumber,
      url: await storage.presignPart({ ...place, endpoint, partNumber, expiresInSeconds: signedForSeconds }),
    })),
  );
  return { urls, expiresInSeconds: signedForSeconds };
}

/** What the engine has of an open upload. Throws `not-found` for one that is not open any more. */
export async function readParts(context: Context, rawInput: unknown): Promise<{ parts: UploadPart[] }> {
  const { place } = await openUpload(context, openUploadInput, rawInput);
  try {
    return { parts: await partsOf(place, { deadlineMs: PAGE_DEADLINE_MS }) };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.code === "not-found") throw new DomainError("not-found");
    throw new DomainError(error.code === "unavailable" ? "engine-unavailable" : "engine-refused", {
      reason: error.code,
    });
  }
}

/** Whoever may upload may also see what there is of an upload. */
async function openUpload<Schema extends typeof openUploadInput>(
  context: Context,
  schema: Schema,
  rawInput: unknown,
) {
  const accountId = authorizeInAccount(context, "objects:upload");
  const parsed = schema.safeParse(rawInput, { reportInput: true });
  if (!parsed.success) throw new InvalidInput(toInputIssues(parsed.error.issues));
  const input: z.output<Schema> = parsed.data;
  const { name } = await getActiveBucket(accountId, input.bucketId);
  const key = await readObjectKey(accountId);
  return { input, place: { key, bucket: name, object: input.key, uploadId: input.uploadId } };
}
