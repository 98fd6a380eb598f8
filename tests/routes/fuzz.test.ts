// Requests that nobody thought of. Bounded to a few seconds; `npm run test:acceptance` sends them at length.
import { test } from "vitest";
import { expectRandomRequestsAnswered } from "#tests/support/random-requests.ts";

test(
  "400 requests at random are answered without a failure",
  () => expectRandomRequestsAnswered(400, 15_000),
  30_000,
);
