import { S3Error } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { createBucket } from "./operations/create-bucket.ts";
import { deleteBucket } from "./operations/delete-bucket.ts";
import { deleteObject } from "./operations/delete-object.ts";
import { deleteObjects } from "./operations/delete-objects.ts";
import { getBucketLocation } from "./operations/get-bucket-location.ts";
import { getObject, headObject } from "./operations/get-object.ts";
import { headBucket } from "./operations/head-bucket.ts";
import { listBuckets } from "./operations/list-buckets.ts";
import { listObjects, listObjectsV2 } from "./operations/list-objects.ts";
import { putObject } from "./operations/put-object.ts";
import type { S3Request } from "./request.ts";

/** The subresource is the query parameter that makes a request another operation. */
type Route = [
  method: string,
  resource: "service" | "bucket" | "object",
  subresource: string | null,
  operation: Operation,
];

const ROUTES: Route[] = [
  ["GET", "service", null, listBuckets],
  ["PUT", "bucket", null, createBucket],
  ["HEAD", "bucket", null, headBucket],
  ["DELETE", "bucket", null, deleteBucket],
  ["GET", "bucket", null, listObjects],
  ["GET", "bucket", "list-type", listObjectsV2],
  ["GET", "bucket", "location", getBucketLocation],
  ["POST", "bucket", "delete", deleteObjects],
  ["PUT", "object", null, putObject],
  ["GET", "object", null, getObject],
  ["HEAD", "object", null, headObject],
  ["DELETE", "object", null, deleteObject],
];

/**
 * The operation that a request asks for. Whether it supports everything else in the request is another question:
 * see refuseUnsupported.
 *
 * @throws S3Error MethodNotAllowed, NotImplemented
 */
export function findOperation(request: S3Request): Operation {
  const resource = request.bucket === "" ? "service" : request.key === "" ? "bucket" : "object";
  const candidates = ROUTES.filter(([method, kind]) => method === request.method && kind === resource);
  // Amazon does know POST on an object: multipart uploads, restores, selects.
  const exists = candidates.length > 0 || (request.method === "POST" && resource === "object");
  if (!exists) throw new S3Error("MethodNotAllowed");
  const route =
    candidates.find(([, , subresource]) => subresource !== null && request.query.has(subresource)) ??
    candidates.find(([, , subresource]) => subresource === null);
  if (!route) throw new S3Error("NotImplemented");
  return route[3];
}
