import type { Readable } from "node:stream";
import { authorizeInAccount } from "../authorization.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import { recordRefusal } from "../command.ts";
import type { Context } from "../context.ts";
import { DomainError, InvalidInput } from "../errors.ts";
import { toInputIssues } from "../input-issues.ts";
import { uploadForm } from "./schema.ts";
import { uploadFile } from "./upload-file.ts";
import { withUploadSlot } from "./upload-slots.ts";

interface IncomingFile {
  name: string;
  contentType: string;
  content: Readable;
}

export interface UploadOutcome {
  key: string;
  /** Why it was not stored; null for one that was. */
  refusal: DomainError | null;
}

export interface UploadReport {
  outcomes: UploadOutcome[];
  /** Whether each file was looked at: not where the engine went away, or the sender broke off. */
  isComplete: boolean;
}

/** What ends all of it: the files after this one would fare no better. */
const endsTheUpload = new Set(["engine-uncertain", "engine-unavailable", "unreadable-body", "not-found"]);

/**
 * Stores the files of a form one after the other, while they arrive. Who may not is refused before the first is asked
 * for; a file that is refused leaves the others alone.
 *
 * Throws what `authorize` does, `not-found`, `bucket-not-active`, `too-many-uploads`, and InvalidInput, for no file at all
 * too.
 *
 * @param rawInput see `uploadForm`
 */
export async function uploadFiles(
  context: Context,
  bucketId: string,
  rawInput: unknown,
  files: AsyncIterable<IncomingFile>,
): Promise<UploadReport> {
  const accountId = await mayUpload(context, bucketId);
  const parsed = uploadForm.safeParse(rawInput, { reportInput: true });
  if (!parsed.success) throw new InvalidInput(toInputIssues(parsed.error.issues));
  const { prefix } = parsed.data;
  const keepExisting = parsed.data.keepExisting === "on";
  const report: UploadReport = { outcomes: [], isComplete: true };
  await withUploadSlot(accountId, async () => {
    try {
      for await (const { name, ...file } of files) {
        const key = prefix + name;
        const refusal = await refusalOf(uploadFile(context, { bucketId, key, keepExisting, ...file }));
        report.outcomes.push({ key, refusal });
        if (!refusal || !endsTheUpload.has(refusal.code)) continue;
        report.isComplete = false;
        break;
      }
    } catch (error) {
      if (!(error instanceof DomainError) || report.outcomes.length === 0) throw error;
      report.isComplete = false;
    }
  });
  if (report.outcomes.length === 0) {
    throw new InvalidInput([{ path: ["files"], message: "chooseAFile", params: {} }]);
  }
  return report;
}

/** Of who may not upload at all, not one event for each file. */
async function mayUpload(context: Context, bucketId: string): Promise<string> {
  try {
    const accountId = authorizeInAccount(context, "objects:upload");
    await getActiveBucket(accountId, bucketId);
    return accountId;
  } catch (error) {
    if (error instanceof DomainError) await recordRefusal(context, "objects:upload", error);
    throw error;
  }
}

async function refusalOf(upload: Promise<unknown>): Promise<DomainError | null> {
  try {
    await upload;
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
