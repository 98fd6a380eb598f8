import { randomUUID } from "node:crypto";
import type { Refused, SignedProbe } from "#app/ports/connection-probe/ask-s3.ts";
import { type Finding, resultOf, type TestResult } from "./results.ts";

/** What the console knows of the key under test. */
export interface KnownKey {
  permission: "read" | "read_write";
  /** Why the engine should refuse it; null for a key that should work. */
  obstacle: Obstacle | null;
  /** Names of the buckets that it is for, as far as they are counted: enough to compare. */
  reach: readonly string[];
}

/** In the console's words, as the findings have them. */
export type Obstacle = Extract<
  Finding,
  `signature.${"provisioning" | "inactive" | "reactivating" | "revoked" | "expired" | "suspended"}`
>;

/**
 * What a key may do, asked with its secret: signature, buckets, and one of them. Ends at the first step that fails.
 *
 * @param bucket the one to look into; null where the key reaches none
 * @param write whether to write a few bytes into it, and remove them
 */
export async function* testKey(
  probe: SignedProbe,
  key: KnownKey,
  bucket: string | null,
  write: boolean,
): AsyncGenerator<TestResult> {
  const listed = await probe.listBuckets();
  const signature = ofSignature(listed, key);
  yield signature;
  if (signature.outcome === "failed") return;
  yield ofPermission(listed, key);
  if (bucket === null) return;

  const found = await probe.findObject(bucket);
  const list = isRefused(found)
    ? ofRefusal("list", found, bucket, { NoSuchBucket: "list.missing" })
    : resultOf(found.key === null ? "list.empty" : "list.listed", { bucket });
  yield list;
  if (isRefused(found)) return;
  const read =
    found.key === null ? resultOf("read.nothing", { bucket }) : await ofRead(probe, bucket, found.key);
  yield read;
  if (read.outcome === "failed") return;
  yield write ? await ofWrite(probe, key, bucket) : resultOf("write.notAsked", { bucket });
}

function isRefused<Answer extends object>(answer: Answer | Refused): answer is Refused {
  return "refused" in answer;
}

/** Codes that engines give before they have looked at what the key may do. */
const beforePermission: Record<string, Finding> = {
  InvalidAccessKeyId: "signature.unknownKey",
  SignatureDoesNotMatch: "signature.wrongSecret",
  RequestTimeTooSkewed: "signature.clock",
};

function ofSignature(answer: { names: string[] } | Refused, { obstacle }: KnownKey): TestResult {
  if (!isRefused(answer)) return resultOf(obstacle ? "signature.stillAccepted" : "signature.accepted");
  if (!answer.refused) return resultOf("signature.silent");
  const { status, code } = answer.refused;
  const known = beforePermission[code];
  // The secret and the clock are the person's to mend, whatever the console knows of the key.
  if (known && known !== "signature.unknownKey") return resultOf(known);
  if (obstacle) return resultOf(obstacle);
  if (known) return resultOf(known);
  // Whose signature was wrong would have been told so.
  if (code === "AccessDenied") return resultOf("signature.accepted");
  return resultOf("signature.refused", { status, code });
}

function ofPermission(answer: { names: string[] } | Refused, { reach }: KnownKey): TestResult {
  if (reach.length === 0) return resultOf("permission.reachesNothing");
  if (isRefused(answer)) return resultOf("permission.denied");
  const missing = reach.filter((name) => !answer.names.includes(name)).length;
  if (missing === 0) return resultOf("permission.listsAll", { count: reach.length });
  return missing === reach.length
    ? resultOf("permission.listsNone")
    : resultOf("permission.listsSome", { count: missing });
}

async function ofRead(probe: SignedProbe, bucket: string, object: string): Promise<TestResult> {
  const head = await probe.headObject(bucket, object);
  if (!isRefused(head)) return resultOf("read.read", { bucket });
  // Somebody removed it between the two.
  return ofRefusal("read", head, bucket, { NotFound: "read.gone", NoSuchKey: "read.gone" });
}

async function ofWrite(probe: SignedProbe, key: KnownKey, bucket: string): Promise<TestResult> {
  const object = `balde-connection-test-${randomUUID()}`;
  const written = await probe.put(bucket, object);
  if (isRefused(written)) {
    if (key.permission === "read" && written.refused?.status === 403)
      return resultOf("write.rightlyDenied", { bucket });
    return ofRefusal("write", written, bucket, { QuotaExceeded: "write.full" });
  }
  const removed = await probe.remove(bucket, object, written.versionId);
  if (isRefused(removed)) return resultOf("write.leftBehind", { bucket, object });
  return resultOf(key.permission === "read" ? "write.wronglyAllowed" : "write.written", { bucket });
}

function ofRefusal(
  step: "list" | "read" | "write",
  { refused }: Refused,
  bucket: string,
  known: Record<string, Finding>,
): TestResult {
  if (!refused) return resultOf(`${step}.silent`, { bucket });
  const { status, code } = refused;
  const finding =
    known[code] ?? (status === 403 ? (`${step}.denied` as const) : (`${step}.refused` as const));
  return resultOf(finding, { bucket, status, code });
}
