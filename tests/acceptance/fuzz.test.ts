// The properties of `npm test`, over many more values.
import { test } from "vitest";
import { expectSignaturesJudgedRight } from "#embedded/object-store/testing-signature-fuzz.ts";
import {
  expectPresignedUrlsVerified,
  expectSignedHeadersVerified,
} from "#embedded/object-store/testing-sigv4.ts";
import { expectRandomRequestsAnswered } from "#tests/support/random-requests.ts";

test("the store agrees with @smithy/signature-v4 on 10,000 requests signed in headers", () =>
  expectSignedHeadersVerified(10_000));

test("the store agrees with @smithy/signature-v4 on 10,000 presigned URLs", () =>
  expectPresignedUrlsVerified(10_000));

test(
  "and on 10,000 requests over a socket, in any form, with their bodies, and with any one thing changed",
  () => expectSignaturesJudgedRight(10_000),
  360_000,
);

// Four at a time, as people come: each waits for the database now and then.
test("20,000 requests at random are answered without a failure", async () => {
  await Promise.all([1, 2, 3, 4].map(() => expectRandomRequestsAnswered(5_000)));
}, 360_000);
