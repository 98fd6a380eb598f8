import { S3Error } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from "./operations/acl.ts";
import { deleteBucketCors, getBucketCors, putBucketCors } from "./operations/bucket-settings/bucket-cors.ts";
import {
  deleteBucketLifecycle,
  getBucketLifecycle,
  putBucketLifecycle,
} from "./operations/bucket-settings/bucket-lifecycle.ts";
import {
  deleteBucketTagging,
  getBucketTagging,
  putBucketTagging,
} from "./operations/bucket-settings/bucket-tagging.ts";
import { getBucketVersioning, putBucketVersioning } from "./operations/bucket-settings/bucket-versioning.ts";
import { createBucket } from "./operations/buckets/create-bucket.ts";
import { deleteBucket } from "./operations/buckets/delete-bucket.ts";
import { getBucketLocation } from "./operations/buckets/get-bucket-location.ts";
import { headBucket } from "./operations/buckets/head-bucket.ts";
import { listBuckets } from "./operations/buckets/list-buckets.ts";
import { listMultipartUploads } from "./operations/listings/list-multipart-uploads.ts";
import { listObjectVersions } from "./operations/listings/list-object-versions.ts";
import { listObjects, listObjectsV2 } from "./operations/listings/list-objects.ts";
import { abortMultipartUpload } from "./operations/multipart/abort-multipart-upload.ts";
import { completeMultipartUpload } from "./operations/multipart/complete-multipart-upload.ts";
import { createMultipartUpload } from "./operations/multipart/create-multipart-upload.ts";
import { listParts } from "./operations/multipart/list-parts.ts";
import { uploadPart } from "./operations/multipart/upload-part.ts";
import { uploadPartCopy } from "./operations/multipart/upload-part-copy.ts";
import { copyObject } from "./operations/objects/copy-object.ts";
import { deleteObject } from "./operations/objects/delete-object.ts";
import { deleteObjects } from "./operations/objects/delete-objects.ts";
import { getObject, headObject } from "./operations/objects/get-object.ts";
import { getObjectAttributes } from "./operations/objects/get-object-attributes.ts";
import {
  deleteObjectTagging,
  getObjectTagging,
  putObjectTagging,
} from "./operations/objects/object-tagging.ts";
import { putObject } from "./operations/objects/put-object.ts";
import type { S3Request } from "./request.ts";

/**
 * The subresource is the query parameter that makes a request another operation. Where a header is named, it is what
 * does.
 */
type Route = [
  method: string,
  resource: "service" | "bucket" | "object",
  subresource: string | null,
  operation: Operation,
  header?: string,
];

const ROUTES: Route[] = [
  ["GET", "service", null, listBuckets],
  ["PUT", "bucket", null, createBucket],
  ["HEAD", "bucket", null, headBucket],
  ["DELETE", "bucket", null, deleteBucket],
  ["GET", "bucket", null, listObjects],
  ["GET", "bucket", "list-type", listObjectsV2],
  ["GET", "bucket", "versions", listObjectVersions],
  ["GET", "bucket", "uploads", listMultipartUploads],
  ["POST", "bucket", "delete", deleteObjects],
  ["GET", "bucket", "location", getBucketLocation],
  ["GET", "bucket", "acl", getBucketAcl],
  ["PUT", "bucket", "acl", putBucketAcl],
  ["GET", "bucket", "versioning", getBucketVersioning],
  ["PUT", "bucket", "versioning", putBucketVersioning],
  ["GET", "bucket", "tagging", getBucketTagging],
  ["PUT", "bucket", "tagging", putBucketTagging],
  ["DELETE", "bucket", "tagging", deleteBucketTagging],
  ["GET", "bucket", "cors", getBucketCors],
  ["PUT", "bucket", "cors", putBucketCors],
  ["DELETE", "bucket", "cors", deleteBucketCors],
  ["GET", "bucket", "lifecycle", getBucketLifecycle],
  ["PUT", "bucket", "lifecycle", putBucketLifecycle],
  ["DELETE", "bucket", "lifecycle", deleteBucketLifecycle],
  ["PUT", "object", null, putObject],
  ["GET", "object", null, getObject],
  ["HEAD", "object", null, headObject],
  ["DELETE", "object", null, deleteObject],
  ["PUT", "object", null, copyObject, "x-amz-copy-source"],
  ["GET", "object", "attributes", getObjectAttributes],
  ["GET", "object", "acl", getObjectAcl],
  ["PUT", "object", "acl", putObjectAcl],
  ["GET", "object", "tagging", getObjectTagging],
  ["PUT", "object", "tagging", putObjectTagging],
  ["DELETE", "object", "tagging", deleteObjectTagging],
  ["POST", "object", "uploads", createMultipartUpload],
  ["PUT", "object", "uploadId", uploadPart],
  ["PUT", "object", "uploadId", uploadPartCopy, "x-amz-copy-source"],
  ["GET", "object", "uploadId", listParts],
  ["POST", "object", "uploadId", completeMultipartUpload],
  ["DELETE", "object", "uploadId", abortMultipartUpload],
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
  const named = candidates.filter(
    ([, , subresource]) => subresource !== null && request.query.has(subresource),
  );
  const possible = named.length > 0 ? named : candidates.filter(([, , subresource]) => subresource === null);
  const route =
    possible.find(([, , , , header]) => header !== undefined && request.headers.has(header)) ??
    possible.find(([, , , , header]) => header === undefined);
  if (!route) throw new S3Error("NotImplemented");
  return route[3];
}
