import type { Bucket } from "./access.ts";
import type { Queryable } from "./database.ts";
import { S3Error } from "./errors.ts";
import type { Reply } from "./operation.ts";
import type { S3Request } from "./request.ts";

/**
 * Cross-origin requests: which rule of a bucket lets one in, and what a browser is told of it.
 *
 * Source: "Using cross-origin resource sharing (CORS)", Amazon S3 user guide; "CORS protocol", the Fetch standard.
 */
export type CorsRule = {
  id?: string | undefined;
  allowedOrigins: string[];
  allowedMethods: string[];
  allowedHeaders: string[];
  exposeHeaders: string[];
  maxAgeSeconds?: number | undefined;
};

/** What a browser says before it sends a cross-origin request, or with one. */
type CrossOriginRequest = { origin: string; method: string; headers: string[] };

/** A cache must not give one origin the answer that was meant for another. */
const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/**
 * Answers a preflight: OPTIONS, which browsers send without credentials before the request itself.
 *
 * @throws S3Error BadRequest where it is no preflight; AccessForbidden, the same for a bucket that does not exist, has
 *   no rules, or has none that fits
 */
export async function answerPreflight(database: Queryable, request: S3Request): Promise<Reply> {
  const wanted = readPreflight(request);
  const rule = await findRule(database, request, wanted);
  if (!rule) {
    throw new S3Error("AccessForbidden", undefined, {
      details: { Method: wanted.method, ResourceType: request.key === "" ? "BUCKET" : "OBJECT" },
      headers: { vary: VARY },
    });
  }
  const headers = allowHeaders(rule, wanted.origin);
  if (wanted.headers.length > 0) headers["access-control-allow-headers"] = wanted.headers.join(", ");
  return { status: 200, headers };
}

function readPreflight({ headers }: S3Request): CrossOriginRequest {
  const origin = headers.get("origin");
  if (!origin) {
    throw new S3Error("BadRequest", "Insufficient information. Origin request header needed.");
  }
  const method = headers.get("access-control-request-method");
  if (!method || !CORS_METHODS.includes(method)) {
    throw new S3Error("BadRequest", `Invalid Access-Control-Request-Method: ${method ?? "null"}`);
  }
  const requested = (headers.get("access-control-request-headers") ?? "").toLowerCase().split(",");
  return { origin, method, headers: requested.map((name) => name.trim()).filter((name) => name !== "") };
}

/** The methods that a rule may allow. */
export const CORS_METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/**
 * The headers that tell a browser whether the page that sent a request may read its answer, an error included.
 * Without them it may not.
 *
 * @param bucket where it is known
 */
export async function corsHeaders(
  database: Queryable,
  request: S3Request,
  bucket: Bucket | null | undefined,
): Promise<Record<string, string>> {
  const origin = request.headers.get("origin");
  // Told to others as well: an answer without these headers, from a cache, would fail a page that may have them.
  if (!origin) return bucket?.hasCors ? { vary: VARY } : {};
  if (request.bucket === "" || !CORS_METHODS.includes(request.method)) return { vary: VARY };
  const rule = await findRule(database, request, { origin, method: request.method, headers: [] });
  return rule ? allowHeaders(rule, origin) : { vary: VARY };
}

function allowHeaders(rule: CorsRule, origin: string): Record<string, string> {
  const anyone = rule.allowedOrigins.includes("*");
  const headers: Record<string, string> = {
    "access-control-allow-origin": anyone ? "*" : origin,
    "access-control-allow-methods": rule.allowedMethods.join(", "),
    vary: VARY,
  };
  if (!anyone) headers["access-control-allow-credentials"] = "true";
  if (rule.exposeHeaders.length > 0) headers["access-control-expose-headers"] = rule.exposeHeaders.join(", ");
  if (rule.maxAgeSeconds !== undefined) headers["access-control-max-age"] = String(rule.maxAgeSeconds);
  return headers;
}

/**
 * Finds the rule for a request to a bucket by its name, whoever it turns out to be from.
 *
 * Names are unique in a tenant only, and a request whose sender is unknown tells no tenant. A presigned URL names its
 * access key in the preflight too. A request that will be signed in its headers does not: it is let in if a bucket of
 * that name in any tenant would let it in. That opens nothing, since the request itself needs a signature, and its
 * answer then carries the headers of its own bucket only. Nor does it tell more than that: see `narrowed`.
 */
async function findRule(
  database: Queryable,
  request: S3Request,
  wanted: CrossOriginRequest,
): Promise<CorsRule | undefined> {
  const tenant = await tenantOfSigner(database, request);
  for (let after = 0; ; ) {
    const { rows } = await database.query<{ id: number; cors: CorsRule[] }>(
      `select id, cors from s3.buckets
       where name = $1 and cors is not null and id > $2 and ($3::text is null or tenant = $3)
       order by id limit ${BUCKETS_AT_ONCE}`,
      [request.bucket, after, tenant],
    );
    for (const { cors } of rows) {
      const rule = matchRule(cors, wanted);
      if (rule) return tenant === null ? narrowed(rule, wanted) : rule;
    }
    const last = rows.at(-1);
    if (rows.length < BUCKETS_AT_ONCE || !last) return undefined;
    after = last.id;
  }
}

// Configurations may have 64 KiB each.
const BUCKETS_AT_ONCE = 50;

/** What was asked for and no more: whose rule it is is not known. */
function narrowed(rule: CorsRule, { origin, method }: CrossOriginRequest): CorsRule {
  const { allowedHeaders } = rule;
  return { allowedOrigins: [origin], allowedMethods: [method], allowedHeaders, exposeHeaders: [] };
}

/** The tenant of the access key that a request names, verified or not; null where it names none that exists. */
async function tenantOfSigner(database: Queryable, request: S3Request): Promise<string | null> {
  const inHeader = /Credential=([^,\s]+)/.exec(request.headers.get("authorization") ?? "");
  const credential = request.query.get("X-Amz-Credential") ?? inHeader?.[1];
  if (credential === undefined) return null;
  // `accessKeyId/20260131/us-east-1/s3/aws4_request`
  const accessKeyId = credential.split("/").slice(0, -4).join("/");
  const { rows } = await database.query<{ tenant: string }>(
    "select u.tenant from s3.access_keys k join s3.users u on u.id = k.user_id where k.access_key_id = $1",
    [accessKeyId],
  );
  return rows[0]?.tenant ?? null;
}

/** The first rule that allows the origin, the method and every one of the headers. */
export function matchRule(
  rules: CorsRule[],
  { origin, method, headers }: CrossOriginRequest,
): CorsRule | undefined {
  return rules.find(
    (rule) =>
      rule.allowedOrigins.some((pattern) => matchesOneWildcard(pattern, origin)) &&
      rule.allowedMethods.includes(method) &&
      headers.every((name) =>
        rule.allowedHeaders.some((pattern) => matchesOneWildcard(pattern.toLowerCase(), name)),
      ),
  );
}

/** Whether a text matches a pattern with at most one `*`, which stands for any run of characters. */
function matchesOneWildcard(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === text;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
