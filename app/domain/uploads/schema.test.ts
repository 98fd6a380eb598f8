import { expect, test } from "vitest";
import { beginUploadInput } from "./schema.ts";

const upload = { bucketId: "01a2064b-0827-72d4-b061-850a0d29faf9", key: "a", sizeBytes: 1 };

test.each([
  ["text/plain", "text/plain"],
  ["text/plain; charset=utf-8", "text/plain; charset=utf-8"],
  [`${"a".repeat(127)}/${"b".repeat(127)}`, `${"a".repeat(127)}/${"b".repeat(127)}`],
  ["text", "application/octet-stream"],
  ["text/html\r\nx-amz-acl: public-read", "application/octet-stream"],
  // It stands in the audit log before the engine is asked: a request has room for a megabyte of it.
  [`a/b${";a=b".repeat(200_000)}`, "application/octet-stream"],
])("the type of a file that is uploaded, as it is kept: %.40s", (contentType, kept) => {
  expect(beginUploadInput.parse({ ...upload, contentType }).contentType).toBe(kept);
});
