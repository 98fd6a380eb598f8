import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { admin, createTenant, createUser, failure, putPolicy, s3Client, send } from "./testing.ts";
import { Bucket, FIRST, LAST, md5, PART, withUploads } from "./testing-multipart.ts";

const tenant = withUploads();
const { begin, complete, uploadParts, usage } = tenant;

describe("limits", () => {
  test("a part number is from 1 to 10,000", async () => {
    const UploadId = await begin("k");
    for (const PartNumber of [0, 10_001]) {
      const put = new UploadPartCommand({ Bucket, Key: "k", UploadId, PartNumber, Body: "x" });
      expect(await failure(tenant.s3.send(put))).toEqual({ code: "InvalidArgument", status: 400 });
    }
    expect((await uploadParts("k", UploadId, { 10000: LAST })).length).toBe(1);
  });

  test("bytes count when a part comes in, the object when it is completed", async () => {
    const quota = { "quota-type": "user", uid: tenant.uid, enabled: "true" };
    await admin(tenant.store, "PUT", "/user", {
      quota: "",
      ...quota,
      "max-size-kb": "6144",
      "max-objects": "1",
    });
    const [a, b] = [await begin("a"), await begin("b")];
    const parts = await uploadParts("a", a, { 1: FIRST });
    expect((await failure(uploadParts("b", b, { 1: FIRST }))).code).toBe("QuotaExceeded");
    // A replacement needs room beside what it replaces, as an overwrite does.
    expect((await failure(uploadParts("a", a, { 1: FIRST }))).code).toBe("QuotaExceeded");
    const others = await uploadParts("b", b, { 1: LAST });
    const outcomes = await Promise.all([failure(complete("a", a, parts)), failure(complete("b", b, others))]);
    expect(outcomes.map(({ code }) => code).sort()).toEqual(["QuotaExceeded", "no error"]);
    expect((await usage())["rgw.main"]?.num_objects).toBe(1);
    // Repeating the one that worked takes no further object.
    const again = outcomes[0]?.code === "no error" ? complete("a", a, parts) : complete("b", b, others);
    expect((await failure(again)).code).toBe("no error");
  });

  test("10,000 parts make an object", async () => {
    const UploadId = await begin("k", { ChecksumAlgorithm: "CRC64NVME" });
    const etag = md5(LAST).toString("hex");
    // Rows alone: the files would be 50 GB.
    await tenant.store.store.database.query(
      `insert into s3.parts (upload_id, number, blob_id, size_bytes, etag, checksum_value)
       select $1, n, gen_random_uuid(), $2, $3, 'AAAAAAAAAAA=' from generate_series(1, 10000) n`,
      [UploadId, PART, etag],
    );
    await tenant.store.store.database.query(
      `insert into s3.space_entries (bucket_id, current_bytes, current_count, upload_bytes, upload_part_count)
       select bucket_id, 0, 0, 10000 * $2::bigint, 10000 from s3.uploads where id = $1`,
      [UploadId, PART],
    );
    const Parts = Array.from({ length: 10_000 }, (_, i) => ({ PartNumber: i + 1, ETag: `"${etag}"` }));
    const startedAt = performance.now();
    expect((await complete("k", UploadId, Parts)).ETag).toMatch(/-10000"$/);
    expect(
      (await tenant.s3.send(new HeadObjectCommand({ Bucket, Key: "k", PartNumber: 10_000 }))).PartsCount,
    ).toBe(10_000);
    await tenant.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await usage()).toEqual({});
    const tooMany = [...Parts, { PartNumber: 10_001, ETag: etag }];
    expect((await failure(complete("k", UploadId, tooMany))).code).toBe("MalformedXML");
  });

  test("who may do what", async () => {
    const [prefix] = tenant.uid.split("$");
    const reader = s3Client(tenant.store, await createUser(tenant.store, `${prefix}$reader`));
    await putPolicy(tenant.store, `${prefix}$reader`, [
      { Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: ["arn:aws:s3:::*"] },
    ]);
    const stranger = s3Client(tenant.store, (await createTenant(tenant.store)).key);
    const UploadId = await begin("k");
    const calls = (client: S3Client) => [
      client.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" })),
      client.send(new UploadPartCommand({ Bucket, Key: "k", UploadId, PartNumber: 1, Body: "x" })),
      client.send(new ListPartsCommand({ Bucket, Key: "k", UploadId })),
      client.send(new ListMultipartUploadsCommand({ Bucket })),
      client.send(new AbortMultipartUploadCommand({ Bucket, Key: "k", UploadId })),
      client.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key: "k",
          UploadId,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag: "x" }] },
        }),
      ),
    ];
    for (const { code } of await Promise.all(calls(reader).map(failure))) expect(code).toBe("AccessDenied");
    for (const { code } of await Promise.all(calls(stranger).map(failure))) expect(code).toBe("NoSuchBucket");
  });

  test("a header that is not understood is refused", async () => {
    const { key } = await createTenant(tenant.store);
    const answer = await send(tenant.store, key, {
      method: "POST",
      path: `/${Bucket}/k`,
      query: { uploads: "" },
      headers: { "x-amz-server-side-encryption": "AES256" },
    });
    expect(answer.status).toBe(501);
  });
});
