import {
  AbortMultipartUploadCommand,
  GetObjectAttributesCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure } from "./testing.ts";
import { Bucket, etagOf, FIRST, LAST, md5, PART, withUploads } from "./testing-multipart.ts";

const tenant = withUploads();
const { begin, complete, uploadParts } = tenant;

describe("listing", () => {
  test("parts in pages", async () => {
    const id = await begin("k");
    await uploadParts("k", id, { 1: LAST, 5: LAST, 9: FIRST });
    const list = (more: object) =>
      tenant.s3.send(new ListPartsCommand({ Bucket, Key: "k", UploadId: id, ...more }));
    const first = await list({ MaxParts: 2 });
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "5", MaxParts: 2 });
    expect(first.Initiator?.ID).toBe(tenant.uid);
    const rest = await list({ PartNumberMarker: first.NextPartNumberMarker });
    expect(rest.IsTruncated).toBe(false);
    expect(rest.Parts).toMatchObject([
      { PartNumber: 9, Size: PART, ETag: `"${md5(FIRST).toString("hex")}"` },
    ]);
    expect((await list({ MaxParts: 0 })).Parts ?? []).toEqual([]);
  });

  test("uploads in pages, whether or not the one is still there that a page ended with", async () => {
    const begun = [];
    for (const Key of ["a", "a", "a", "b", "dir/1", "dir/2", "é"])
      begun.push({ Key, UploadId: await begin(Key) });
    const pages = [];
    let KeyMarker: string | undefined;
    let UploadIdMarker: string | undefined;
    for (;;) {
      const page: ListMultipartUploadsCommandOutput = await tenant.s3.send(
        new ListMultipartUploadsCommand({ Bucket, MaxUploads: 2, KeyMarker, UploadIdMarker }),
      );
      pages.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => ({ Key, UploadId })));
      if (!page.IsTruncated) break;
      ({ NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page);
      await tenant.s3.send(
        new AbortMultipartUploadCommand({ Bucket, Key: KeyMarker, UploadId: UploadIdMarker }),
      );
    }
    expect(pages).toEqual(begun);

    const grouped = await tenant.s3.send(
      new ListMultipartUploadsCommand({ Bucket, Delimiter: "/", EncodingType: "url" }),
    );
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: "dir/" }]);
    expect(grouped.Uploads?.map(({ Key }) => Key)).toEqual(["a", "a", "%C3%A9"]);
    const within = await tenant.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "dir/" }));
    expect(within.Uploads?.map(({ Key }) => Key)).toEqual(["dir/1"]);
    const bad = new ListMultipartUploadsCommand({ Bucket, KeyMarker: "a", UploadIdMarker: "x" });
    expect((await failure(tenant.s3.send(bad))).code).toBe("InvalidArgument");
  });

  test("attributes of objects, their parts in pages", async () => {
    const id = await begin("k", { ChecksumAlgorithm: "CRC32" });
    await complete("k", id, await uploadParts("k", id, { 2: FIRST, 4: FIRST, 6: LAST }));
    const ObjectAttributes = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"] as const;
    const get = (Key: string, more: object) =>
      tenant.s3.send(
        new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: [...ObjectAttributes], ...more }),
      );
    const page = await get("k", { MaxParts: 1, PartNumberMarker: "1" });
    expect(page).toMatchObject({
      ETag: etagOf(FIRST, FIRST, LAST).replaceAll('"', ""),
      ObjectSize: 2 * PART + 1000,
      StorageClass: "STANDARD",
      Checksum: { ChecksumType: "COMPOSITE" },
      ObjectParts: {
        TotalPartsCount: 3,
        IsTruncated: true,
        NextPartNumberMarker: "2",
        Parts: [{ PartNumber: 2, Size: PART }],
      },
    });
    await tenant.s3.send(new PutObjectCommand({ Bucket, Key: "plain", Body: "x" }));
    const plain = await get("plain", {});
    expect(plain.ObjectParts).toBeUndefined();
    expect(plain.Checksum?.ChecksumType).toBe("FULL_OBJECT");
    expect((await failure(get("none", {}))).code).toBe("NoSuchKey");
    const some = await get("plain", { ObjectAttributes: ["ObjectSize"] });
    expect([some.ObjectSize, some.ETag]).toEqual([1, undefined]);
  });
});
