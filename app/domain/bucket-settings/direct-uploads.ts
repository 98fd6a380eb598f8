import { env } from "#app/ports/env.server.ts";
import type { CorsRule } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import { atEngine, getActiveBucket } from "../buckets/active-bucket.ts";
import type { Context } from "../context.ts";
import { engineCommand } from "../engine-command.ts";
import { leaseBucket, page } from "./change-settings.ts";
import { auditedRule, changeCors } from "./cors-rules.ts";
import { directUploadsInput } from "./schema.ts";
import { DIRECT_UPLOADS_RULE } from "./states.ts";

/** Where this console's pages are, as browsers name it to the engine. */
export const consoleOrigin = new URL(env.PUBLIC_URL).origin;

/**
 * What lets pages of this console, and of no other site, send parts of a file to the engine, each with an address that
 * the console has signed for it. ETag: each part's is needed to put the parts together.
 */
const rule: CorsRule = {
  id: DIRECT_UPLOADS_RULE,
  allowedOrigins: [consoleOrigin],
  allowedMethods: ["PUT"],
  allowedHeaders: ["*"],
  exposeHeaders: ["ETag"],
  maxAgeSeconds: 3_600,
};

/**
 * Whether browsers may send files from this console's pages straight to the bucket; false where the engine does not
 * answer, or knows no CORS: uploads then go through the console.
 */
export async function areDirectUploadsAllowed(context: Context, bucketId: string): Promise<boolean> {
  const accountId = authorizeInAccount(context, "buckets:read-settings");
  try {
    const at = await atEngine(await getActiveBucket(accountId, bucketId));
    return letsUsIn(await storage.getCors(at, page));
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
}

/** Whether the rules have ours as it must be, before any other for our origin: engines take the first that fits. */
export function letsUsIn(rules: readonly CorsRule[]): boolean {
  const first = rules.find(({ allowedOrigins }) => allowedOrigins.some(coversUs));
  return (
    first !== undefined &&
    first.id === rule.id &&
    first.allowedMethods.includes("PUT") &&
    first.allowedHeaders?.includes("*") === true &&
    first.exposeHeaders?.some((name) => name.toLowerCase() === "etag") === true
  );
}

function coversUs(pattern: string): boolean {
  const [start = "", end] = pattern.split("*");
  if (end === undefined) return pattern === consoleOrigin;
  return (
    consoleOrigin.length >= start.length + end.length &&
    consoleOrigin.startsWith(start) &&
    consoleOrigin.endsWith(end)
  );
}

/** Puts our rule before all others. Repeating it changes nothing, or brings the rule up to date. */
export const allowDirectUploads = engineCommand({
  action: "buckets:set-cors",
  input: directUploadsInput,
  begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),
  act: ({ begun: bucket }) => changeCors(bucket, (rules) => [rule, ...withoutOurs(rules)]),
  audit: ({ begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, change: "allow-direct-uploads", rule: auditedRule(rule) },
  }),
});

/** Takes our rule away again; uploads that are under way end with an error. */
export const endDirectUploads = engineCommand({
  action: "buckets:set-cors",
  input: directUploadsInput,
  begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),
  act: ({ begun: bucket }) => changeCors(bucket, withoutOurs),
  audit: ({ begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, change: "end-direct-uploads" },
  }),
});

function withoutOurs(rules: readonly CorsRule[]): CorsRule[] {
  return rules.filter(({ id }) => id !== rule.id);
}
