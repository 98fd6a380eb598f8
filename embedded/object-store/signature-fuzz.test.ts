import { test } from "vitest";
import { expectSignaturesJudgedRight } from "./testing-signature-fuzz.ts";

// `npm run test:acceptance` runs it at length.
test(
  "the store agrees with @smithy/signature-v4 on 1,000 requests, in any form, and with any one thing changed",
  () => expectSignaturesJudgedRight(1000),
  60_000,
);
