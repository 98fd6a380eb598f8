import {
  type CORSRule,
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
} from "@aws-sdk/client-s3";
import type { BucketInput, CorsRule } from "../driver.ts";
import { unlessAbsent } from "./answers.ts";
import type { Call } from "./call.ts";
import { keepWhole } from "./keep-whole.ts";
import { checkedBucket } from "./names.ts";
import { sendS3 } from "./s3-client.ts";
import type { EngineConfig } from "./signed-request.ts";

export async function getCors(config: EngineConfig, call: Call, input: BucketInput): Promise<CorsRule[]> {
  return (await readRules(config, call, input)).map(fromS3);
}

export async function setCors(
  config: EngineConfig,
  call: Call,
  input: BucketInput & { rules: readonly CorsRule[] },
): Promise<void> {
  if (input.rules.length === 0) return deleteCors(config, call, input);
  const before = await readRules(config, call, input);
  await writeRules(config, call, input, input.rules.map(toS3));
  const kept = await readRules(config, call, input);
  await keepWhole(call, lostOf(input.rules, kept.map(fromS3)), () => writeRules(config, call, input, before));
}

export async function deleteCors(config: EngineConfig, call: Call, input: BucketInput): Promise<void> {
  const command = new DeleteBucketCorsCommand({ Bucket: checkedBucket(input.bucket) });
  await unlessAbsent(
    "NoSuchCORSConfiguration",
    sendS3(config, call, "change", input.managementKey, (client, options) => client.send(command, options)),
  );
}

async function readRules(config: EngineConfig, call: Call, input: BucketInput): Promise<CORSRule[]> {
  const command = new GetBucketCorsCommand({ Bucket: checkedBucket(input.bucket) });
  const answer = await unlessAbsent(
    "NoSuchCORSConfiguration",
    sendS3(config, call, "read", input.managementKey, (client, options) => client.send(command, options)),
  );
  return answer?.CORSRules ?? [];
}

async function writeRules(
  config: EngineConfig,
  call: Call,
  input: BucketInput,
  rules: CORSRule[],
): Promise<void> {
  if (rules.length === 0) return deleteCors(config, call, input);
  const command = new PutBucketCorsCommand({
    Bucket: checkedBucket(input.bucket),
    CORSConfiguration: { CORSRules: rules },
  });
  await sendS3(config, call, "change", input.managementKey, (client, options) =>
    client.send(command, options),
  );
}

function toS3(rule: CorsRule): CORSRule {
  return {
    ID: rule.id,
    AllowedOrigins: [...rule.allowedOrigins],
    AllowedMethods: [...rule.allowedMethods],
    AllowedHeaders: rule.allowedHeaders?.length ? [...rule.allowedHeaders] : undefined,
    ExposeHeaders: rule.exposeHeaders?.length ? [...rule.exposeHeaders] : undefined,
    MaxAgeSeconds: rule.maxAgeSeconds,
  };
}

function fromS3(rule: CORSRule): CorsRule {
  return {
    ...(rule.ID ? { id: rule.ID } : {}),
    allowedOrigins: rule.AllowedOrigins ?? [],
    allowedMethods: (rule.AllowedMethods ?? []) as CorsRule["allowedMethods"],
    ...(rule.AllowedHeaders?.length ? { allowedHeaders: rule.AllowedHeaders } : {}),
    ...(rule.ExposeHeaders?.length ? { exposeHeaders: rule.ExposeHeaders } : {}),
    ...(rule.MaxAgeSeconds === undefined ? {} : { maxAgeSeconds: rule.MaxAgeSeconds }),
  };
}

const PARTS = [
  ["allowedOrigins", "AllowedOrigin"],
  ["allowedMethods", "AllowedMethod"],
  ["allowedHeaders", "AllowedHeader"],
  ["exposeHeaders", "ExposeHeader"],
] as const;

/** S3's name of the first thing that was not kept. The order within a list means nothing, and some engines sort. */
function lostOf(wanted: readonly CorsRule[], kept: readonly CorsRule[]): string | undefined {
  if (wanted.length !== kept.length) return "CORSRule";
  for (const [index, rule] of wanted.entries()) {
    const other = kept[index];
    const lost = PARTS.find(([part]) => sorted(rule[part]) !== sorted(other?.[part]));
    if (lost) return lost[1];
    if (rule.maxAgeSeconds !== other?.maxAgeSeconds) return "MaxAgeSeconds";
  }
  return undefined;
}

function sorted(list: readonly string[] = []): string {
  return JSON.stringify([...new Set(list)].sort());
}
