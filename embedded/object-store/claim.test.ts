import { expect, test } from "vitest";
import { key, NOW, REGION, verify, type Wire } from "./testing-sigv4.ts";

function signedFor(signedHeaders: string[], headers: Wire["headers"] = []): Wire {
  const credential = `${key.accessKeyId}/20260131/${REGION}/s3/aws4_request`;
  const fields = [
    `Credential=${credential}`,
    `SignedHeaders=${signedHeaders.join(";")}`,
    `Signature=${"0".repeat(64)}`,
  ];
  return {
    method: "GET",
    url: "/",
    headers: [
      ["Host", "localhost:9000"],
      ["X-Amz-Date", "20260131T120000Z"],
      ["X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"],
      ...headers,
      ["Authorization", `AWS4-HMAC-SHA256 ${fields.join(",")}`],
    ],
  };
}
const needed = ["host", "x-amz-date", "x-amz-content-sha256"];

test("a header that is named as signed twice is refused", () => {
  expect(verify(signedFor(needed))).toBe("SignatureDoesNotMatch");
  expect(verify(signedFor([...needed, "range", "range"]))).toBe("AuthorizationHeaderMalformed");
});

// Whoever has seen an access key id, in a presigned URL say, can send these: the signature comes last.
test("as many headers as fit, named as often as fits, are refused at once", () => {
  const many: Wire["headers"] = Array.from({ length: 900 }, () => ["b", "1"]);
  const names = Array.from({ length: 12_000 }, (_, index) => `b${index.toString(36)}`);
  const startedAt = performance.now();
  expect(verify(signedFor([...needed, ...names], many), { at: NOW })).toBe("SignatureDoesNotMatch");
  expect(verify(signedFor([...needed, ...Array(22_000).fill("b")], many))).toBe(
    "AuthorizationHeaderMalformed",
  );
  expect(performance.now() - startedAt).toBeLessThan(500);
});
