import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { PutObjectInput } from "../../objects.ts";
import type { Call } from "../call.ts";
import { sendS3 } from "../s3-client.ts";
import type { EngineConfig } from "../signed-request.ts";
import { objectParameters } from "./names.ts";
import { cutIntoParts, PART_BYTES, type Part } from "./parts.ts";
import { abortUpload, completeWith, createUpload, type StoredPart, uploadPart } from "./uploads.ts";

/** How many ordinary parts are on their way while the next one comes in. Of larger ones none: memory is for one. */
const PARTS_ON_THEIR_WAY = 2;
/** Enough for the slowest engine worth uploading to; larger parts get a second more for each MiB. */
const PART_DEADLINE_MS = 60_000;
/** Engines put together what was uploaded, or give it up, while one waits. */
const COMPLETION_DEADLINE_MS = 300_000;

/**
 * @param begin a call with a deadline of its own: there is one for each request, since the whole takes as long as the
 *   stream does
 */
export async function putObject(
  config: EngineConfig,
  begin: (deadlineMs: number) => Call,
  input: PutObjectInput,
): Promise<{ sizeBytes: bigint; versionId: string | null }> {
  // Before anything is read.
  objectParameters({ bucket: input.bucket, object: input.object });
  try {
    const parts = cutIntoParts(input.body, input.signal);
    const first = (await parts.next()).value ?? undefined;
    return await (!first || first.isLast
      ? putWhole(config, begin, input, first)
      : putInParts(config, begin, input, first, parts));
  } finally {
    // Whoever writes to it need not wait for anybody to read any more.
    input.body.destroy();
  }
}

async function putInParts(
  config: EngineConfig,
  begin: (deadlineMs: number) => Call,
  input: PutObjectInput,
  first: Part,
  rest: AsyncIterable<Part>,
): Promise<{ sizeBytes: bigint; versionId: string | null }> {
  const { uploadId } = await createUpload(config, begin(PART_DEADLINE_MS), input);
  const upload = { key: input.key, bucket: input.bucket, object: input.object, uploadId };
  const send = ({ partNumber, body }: Part) =>
    uploadPart(config, begin(partDeadline(body)), { ...upload, partNumber, body });
  try {
    const { stored, sizeBytes } = await sendAll(first, rest, send);
    input.signal?.throwIfAborted();
    const { versionId } = await completeWith(config, begin(COMPLETION_DEADLINE_MS), {
      ...upload,
      parts: stored,
      ifAbsent: input.ifAbsent ?? false,
    });
    return { sizeBytes, versionId };
  } catch (error) {
    // What went wrong first is what is told; parts that stay after all are shown, and removed, as open uploads are.
    await abortUpload(config, begin(COMPLETION_DEADLINE_MS), upload).catch(() => {});
    throw error;
  }
}

async function putWhole(
  config: EngineConfig,
  begin: (deadlineMs: number) => Call,
  input: PutObjectInput,
  part: Part | undefined,
): Promise<{ sizeBytes: bigint; versionId: string | null }> {
  const body = part?.body ?? Buffer.alloc(0);
  const command = new PutObjectCommand({
    ...objectParameters({ bucket: input.bucket, object: input.object }),
    Body: body,
    ContentType: input.contentType,
    ...(input.ifAbsent ? { IfNoneMatch: "*" } : {}),
  });
  const { VersionId } = await sendS3(
    config,
    begin(partDeadline(body)),
    "change",
    input.key,
    (client, options) => client.send(command, options),
  );
  return { sizeBytes: BigInt(body.length), versionId: VersionId ?? null };
}

/**
 * Sends parts as they come, a few at once. Ends, in success or not, when none is on its way any more: one that came in
 * after its upload was aborted would stay for good.
 */
async function sendAll(
  first: Part,
  rest: AsyncIterable<Part>,
  send: (part: Part) => Promise<StoredPart>,
): Promise<{ stored: StoredPart[]; sizeBytes: bigint }> {
  const onTheirWay = new Set<Promise<void>>();
  const stored: StoredPart[] = [];
  let sizeBytes = 0n;
  let failure: { error: unknown } | undefined;

  async function sendOne(part: Part): Promise<void> {
    try {
      stored.push(await send(part));
      part.release();
    } catch (error) {
      failure ??= { error };
    }
  }
  async function begin(part: Part): Promise<void> {
    sizeBytes += BigInt(part.body.length);
    const sending = sendOne(part).finally(() => onTheirWay.delete(sending));
    onTheirWay.add(sending);
    const meanwhile = part.body.length > PART_BYTES ? 0 : PARTS_ON_THEIR_WAY;
    while (onTheirWay.size > meanwhile) await Promise.race(onTheirWay);
  }

  try {
    await begin(first);
    for await (const part of rest) {
      if (failure) break;
      await begin(part);
    }
  } finally {
    await Promise.all(onTheirWay);
  }
  if (failure) throw failure.error;
  return { stored, sizeBytes };
}

function partDeadline(body: Uint8Array): number {
  return PART_DEADLINE_MS + (body.length / 1_048_576) * 1_000;
}
