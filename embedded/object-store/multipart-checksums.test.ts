import {
  type ChecksumAlgorithm,
  type ChecksumType,
  HeadObjectCommand,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { createChecksum } from "./checksums.ts";
import { failure, s3Client } from "./testing.ts";
import { Bucket, FIRST, LAST, type Parts, withUploads } from "./testing-multipart.ts";

const tenant = withUploads();
const { begin, complete } = tenant;

describe("checksums", () => {
  const bodies = { 1: FIRST, 2: LAST };
  const raw = (algorithm: ChecksumAlgorithm, ...pieces: Buffer[]) => {
    const checksum = createChecksum(algorithm as Parameters<typeof createChecksum>[0]);
    for (const piece of pieces) checksum.update(piece);
    return checksum.digest();
  };

  test.each([
    ["CRC32", "COMPOSITE"],
    ["CRC32", "FULL_OBJECT"],
    ["CRC32C", "COMPOSITE"],
    ["CRC32C", "FULL_OBJECT"],
    ["CRC64NVME", "FULL_OBJECT"],
    ["SHA1", "COMPOSITE"],
    ["SHA256", "COMPOSITE"],
  ] as [ChecksumAlgorithm, ChecksumType][])("%s %s", async (algorithm, type) => {
    const member = `Checksum${algorithm}` as "ChecksumCRC32";
    // The JavaScript SDK needs a native package for two of them; what comes without a checksum gets one here.
    const sent = algorithm === "CRC32C" || algorithm === "CRC64NVME" ? undefined : algorithm;
    const id = await begin("k", { ChecksumAlgorithm: algorithm, ChecksumType: type });
    const parts: { PartNumber: number; ETag: string | undefined; [checksum: string]: unknown }[] = [];
    const plain = s3Client(tenant.store, await tenant.s3.config.credentials(), {});
    plain.config.requestChecksumCalculation = async () => "WHEN_REQUIRED";
    for (const [number, Body] of Object.entries(bodies)) {
      const PartNumber = Number(number);
      const { ETag } = await (sent ? tenant.s3 : plain).send(
        new UploadPartCommand({
          Bucket,
          Key: "k",
          UploadId: id,
          PartNumber,
          Body,
          ...(sent ? { ChecksumAlgorithm: sent } : {}),
        }),
      );
      parts.push({ PartNumber, ETag, [member]: raw(algorithm, Body).toString("base64") });
    }
    const { Parts: listed, ...list } = await tenant.s3.send(
      new ListPartsCommand({ Bucket, Key: "k", UploadId: id }),
    );
    expect(list).toMatchObject({ ChecksumAlgorithm: algorithm, ChecksumType: type });
    expect(listed?.map((part) => part[member])).toEqual(parts.map((part) => part[member]));

    const expected =
      type === "FULL_OBJECT"
        ? raw(algorithm, FIRST, LAST).toString("base64")
        : `${raw(algorithm, raw(algorithm, FIRST), raw(algorithm, LAST)).toString("base64")}-2`;
    const wrong = raw(algorithm, LAST).toString("base64");
    const outcome = (more: object, list: Parts = parts) => failure(complete("k", id, list, more));
    expect((await outcome({ [member]: wrong })).code).toBe("BadDigest");
    expect((await outcome({}, [{ ...parts[0], [member]: wrong }, parts[1] ?? {}])).code).toBe("InvalidPart");
    const otherType = type === "COMPOSITE" ? "FULL_OBJECT" : "COMPOSITE";
    expect((await outcome({ ChecksumType: otherType })).code).toBe("InvalidRequest");
    const answer = await complete("k", id, parts, { [member]: expected, ChecksumType: type });
    expect([answer[member], answer.ChecksumType]).toEqual([expected, type]);
    const head = await tenant.s3.send(new HeadObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" }));
    expect([head[member], head.ChecksumType]).toEqual([expected, type]);
  });

  test("cannot be of a type that the algorithm has not", async () => {
    const outcome = async (ChecksumAlgorithm: ChecksumAlgorithm | undefined, ChecksumType: ChecksumType) =>
      (await failure(begin("k", { ChecksumAlgorithm, ChecksumType }))).code;
    expect(await outcome("SHA256", "FULL_OBJECT")).toBe("InvalidRequest");
    expect(await outcome("CRC64NVME", "COMPOSITE")).toBe("InvalidRequest");
  });

  test("of another algorithm than the upload's are refused", async () => {
    const id = await begin("k", { ChecksumAlgorithm: "SHA256" });
    const put = new UploadPartCommand({
      Bucket,
      Key: "k",
      UploadId: id,
      PartNumber: 1,
      Body: "x",
      ChecksumAlgorithm: "SHA1",
    });
    expect(await failure(tenant.s3.send(put))).toEqual({ code: "InvalidRequest", status: 400 });
  });
});
