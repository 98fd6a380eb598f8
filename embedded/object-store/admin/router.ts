import type { Caller, Credentials } from "../access.ts";
import type { Claim } from "../claim.ts";
import { S3Error } from "../errors.ts";
import type { Reply } from "../operation.ts";
import type { S3Request } from "../request.ts";
import { sha256, verifyClaim } from "../sigv4.ts";
import type { Store } from "../store.ts";
import { type XmlElements, xmlDocument } from "../xml.ts";
import { getBuckets } from "./buckets.ts";
import { readForm } from "./form.ts";
import { getKeyUse } from "./key-use.ts";
import { createKey, removeKey } from "./keys.ts";
import { processLifecycle } from "./lifecycle.ts";
import { linkBucket } from "./link-bucket.ts";
import { type AdminParameters, adminParameters } from "./parameters.ts";
import { getQuota, setBucketQuota, setUserQuota } from "./quotas.ts";
import { getUsage, trimUsage } from "./usage.ts";
import { deleteUserPolicy, getUserPolicy, listUserPolicies, putUserPolicy } from "./user-policies.ts";
import { createUser, getUser, listUsers, modifyUser, removeUser } from "./users.ts";

/**
 * The part of the Ceph Object Gateway's Admin Ops API that Balde's driver uses, and the IAM calls for user policies.
 *
 * Source: "Admin Operations", Ceph documentation; replies as Ceph 16.2 was seen to give them.
 */

/** Takes the request's parameters; what it returns is sent as JSON. Undefined is an empty answer. */
export type AdminHandler = (store: Store, parameters: AdminParameters) => Promise<unknown>;

type AdminRoute = [method: string, path: string, subresource: string | null, handler: AdminHandler];

const ROUTES: AdminRoute[] = [
  ["GET", "/admin/user", "quota", getQuota],
  ["PUT", "/admin/user", "quota", setUserQuota],
  ["PUT", "/admin/user", "key", createKey],
  ["DELETE", "/admin/user", "key", removeKey],
  ["GET", "/admin/user", "key-use", getKeyUse],
  ["GET", "/admin/user", "list", listUsers],
  ["GET", "/admin/metadata/user", null, listUsers],
  ["GET", "/admin/user", null, getUser],
  ["PUT", "/admin/user", null, createUser],
  ["POST", "/admin/user", null, modifyUser],
  ["DELETE", "/admin/user", null, removeUser],
  ["PUT", "/admin/bucket", "quota", setBucketQuota],
  ["PUT", "/admin/bucket", null, linkBucket],
  ["GET", "/admin/bucket", null, getBuckets],
  ["GET", "/admin/usage", null, getUsage],
  ["DELETE", "/admin/usage", null, trimUsage],
  ["POST", "/admin/lifecycle", "process", processLifecycle],
  ["GET", "/admin/info", null, getInfo],
];

/** Subresources that exist at the gateway and not here. Without this list they would fall through to another call. */
const REFUSED_SUBRESOURCES = ["caps", "subuser", "index", "policy", "object", "ratelimit", "sync", "info"];

const IAM_ACTIONS: Record<string, AdminHandler> = {
  PutUserPolicy: putUserPolicy,
  GetUserPolicy: getUserPolicy,
  ListUserPolicies: listUserPolicies,
  DeleteUserPolicy: deleteUserPolicy,
};

/** By this answer the driver knows the embedded store, whose quotas are exact, from a gateway. */
async function getInfo(): Promise<unknown> {
  return { info: { storage_backends: [{ name: "balde" }] } };
}

type Trace = { caller?: Caller; operation?: string };

export const isAdminRequest = (request: S3Request) => /^\/admin\/./.test(request.rawPath);
export const isIamRequest = (request: S3Request) => request.method === "POST" && request.rawPath === "/";

/** @throws S3Error AccessDenied for anyone but the administrator, MethodNotAllowed, NotImplemented */
export async function handleAdmin(
  store: Store,
  request: S3Request,
  caller: Caller,
  trace: Trace,
): Promise<Reply> {
  if (!caller.isAdmin) throw new S3Error("AccessDenied");
  const path = request.rawPath.replace(/\/+$/, "");
  const candidates = ROUTES.filter(([method, route]) => method === request.method && route === path);
  if (candidates.length === 0) throw new S3Error("MethodNotAllowed");
  const refused = REFUSED_SUBRESOURCES.find((name) => request.query.has(name));
  const [method, , subresource, handler] =
    candidates.find(([, , name]) => name !== null && request.query.has(name)) ??
    candidates.find(([, , name]) => name === null) ??
    [];
  if (refused || !handler) throw new S3Error("NotImplemented");
  trace.operation = `${method} ${path}${subresource ? `?${subresource}` : ""}`;

  const result = await handler(store, adminParameters(request.query));
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: result === undefined ? "" : JSON.stringify(result),
  };
}

/** POST / with an Action, its parameters in the query or in a form body. Answers XML. */
export async function handleIam(
  store: Store,
  request: S3Request,
  claim: Claim,
  { caller, secretAccessKey, suspended }: Credentials,
  trace: Trace,
): Promise<Reply> {
  const body = await readForm(request);
  const { payloadHash } = verifyClaim(request, claim, secretAccessKey, sha256(body));
  if (payloadHash !== "UNSIGNED-PAYLOAD" && payloadHash !== sha256(body)) {
    throw new S3Error("XAmzContentSHA256Mismatch");
  }
  trace.caller = caller;
  if (suspended) throw new S3Error("UserSuspended");
  if (!caller.isAdmin) throw new S3Error("AccessDenied");

  const form = new URLSearchParams(body.toString("utf8"));
  const parameters = adminParameters(new Map([...request.query, ...form]));
  const action = parameters.text("Action") ?? "";
  const handler = Object.hasOwn(IAM_ACTIONS, action) ? IAM_ACTIONS[action] : undefined;
  if (!handler) throw new S3Error("MethodNotAllowed");
  trace.operation = action;
  const result = (await handler(store, parameters)) as XmlElements | undefined;
  return {
    status: 200,
    body: xmlDocument(
      `${action}Response`,
      { [`${action}Result`]: result, ResponseMetadata: { RequestId: request.id } },
      "https://iam.amazonaws.com/doc/2010-05-08/",
    ),
  };
}

/** The gateway's errors under /admin are JSON. */
export function jsonErrorReply(error: S3Error, requestId: string): Reply {
  return {
    status: error.status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ Code: error.code, Message: error.message, RequestId: requestId, HostId: "" }),
  };
}
