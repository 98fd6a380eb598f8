import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readClaim } from "./claim.ts";
import { readRequest } from "./request.ts";
import { sha256 } from "./sigv4.ts";
import {
  expectPresignedUrlsVerified,
  expectSignedHeadersVerified,
  incoming,
  key,
  NOW,
  presign,
  REGION,
  signWithHeaders,
  verify,
  type Wire,
} from "./testing-sigv4.ts";

// `npm run test:acceptance` runs them at length.
describe("verifyClaim against @smithy/signature-v4", () => {
  test("accepts what it signs in headers, and refuses it with any one byte changed", () =>
    expectSignedHeadersVerified(1000));

  test("accepts URLs that it presigns, and refuses them with any one byte changed", () =>
    expectPresignedUrlsVerified(1000));
});

describe("the example of Amazon's documentation", () => {
  // "Example: GET Object", Authenticating Requests: Using the Authorization Header (AWS Signature Version 4).
  const documented = {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  };
  const wire: Wire = {
    method: "GET",
    url: "/test.txt",
    headers: [
      ["Host", "examplebucket.s3.amazonaws.com"],
      ["Range", "bytes=0-9"],
      ["x-amz-content-sha256", sha256("")],
      ["x-amz-date", "20130524T000000Z"],
      [
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
          "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," +
          "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
      ],
    ],
  };
  const at = Date.UTC(2013, 4, 24);

  test("is accepted", () => {
    expect(verify(wire, { at, secretAccessKey: documented.secretAccessKey })).toBe("accepted");
  });

  test("is refused with another secret", () => {
    expect(verify(wire, { at, secretAccessKey: key.secretAccessKey })).toBe("SignatureDoesNotMatch");
  });

  test("is refused a quarter of an hour later or earlier", () => {
    for (const skew of [-901_000, 901_000]) {
      expect(verify(wire, { at: at + skew, secretAccessKey: documented.secretAccessKey })).toBe(
        "RequestTimeTooSkewed",
      );
    }
  });

  test("is refused with an x-amz-* header that was not signed", () => {
    const more: Wire = { ...wire, headers: [...wire.headers, ["x-amz-acl", "public-read"]] };
    expect(verify(more, { at, secretAccessKey: documented.secretAccessKey })).toBe("AccessDenied");
  });
});

describe("readClaim", () => {
  const plain = { method: "GET", segments: ["b", "k"], query: {}, headers: {}, body: "" };

  test("a presigned URL holds for as long as it says", async () => {
    const wire = await presign(plain, 60);
    expect(verify(wire, { at: NOW + 59_000 })).toBe("accepted");
    expect(verify(wire, { at: NOW + 61_000 })).toBe("AccessDenied");
    expect(verify(wire, { at: NOW - 901_000 })).toBe("AccessDenied");
  });

  test("a presigned URL without a time to live has expired; one for more than a week is refused as such", async () => {
    for (const seconds of [0, -1, -1000]) {
      const url = (await presign(plain)).url.replace("X-Amz-Expires=3600", `X-Amz-Expires=${seconds}`);
      expect(verify({ ...(await presign(plain)), url })).toBe("AccessDenied");
    }
    for (const seconds of ["604801", "9999999", "", "1e3", "0x10"]) {
      const url = (await presign(plain)).url.replace("X-Amz-Expires=3600", `X-Amz-Expires=${seconds}`);
      expect(verify({ ...(await presign(plain)), url })).toBe("AuthorizationQueryParametersError");
    }
  });

  test("another region is refused, us-east-1 never is", async () => {
    const elsewhere = await signWithHeaders(plain, "eu-west-1");
    expect(verify(elsewhere)).toBe("AuthorizationHeaderMalformed");
    expect(verify(await signWithHeaders(plain, "us-east-1"))).toBe("accepted");
  });

  test.each<[string, string, string]>([
    ["basic authentication", "Basic dTpw", "InvalidRequest"],
    ["Signature Version 2", "AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=", "InvalidRequest"],
    ["nothing after the algorithm", "AWS4-HMAC-SHA256 ", "AuthorizationHeaderMalformed"],
    [
      "a short credential",
      "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c",
      "AuthorizationHeaderMalformed",
    ],
  ])("refuses %s", (_, authorization, code) => {
    const headers: Wire["headers"] = [
      ["host", "localhost"],
      ["x-amz-date", "20260131T120000Z"],
      ["authorization", authorization],
    ];
    expect(verify({ method: "GET", url: "/", headers })).toBe(code);
  });

  test("an anonymous request claims nothing", () => {
    const request = readRequest(incoming({ method: "GET", url: "/b/k", headers: [["host", "h"]] }), "id");
    expect(readClaim(request, REGION, NOW)).toBeNull();
  });
});

test("sha256 is hexadecimal", () => {
  expect(sha256("abc")).toBe(createHash("sha256").update("abc").digest("hex"));
});
