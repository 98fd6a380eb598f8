import { expect, test } from "vitest";
import { takingTurns } from "./taking-turns.ts";

test("so many at once, so many waiting in their order, and the rest refused", async () => {
  const inTurn = takingTurns({ atOnce: 2, waitingAtMost: 3, tryAgainSeconds: 10 });
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const results = await Promise.allSettled(
    [0, 1, 2, 3, 4, 5, 6].map((number) =>
      inTurn(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        done.push(number);
        if (number === 1) throw new Error("a failure frees its place, too");
      }),
    ),
  );
  expect(most).toBe(2);
  expect(done).toEqual([0, 1, 2, 3, 4]);
  expect(results.map(({ status }) => status === "rejected")).toEqual([
    false,
    true,
    false,
    false,
    false,
    true,
    true,
  ]);
  for (const result of results.slice(5))
    expect(result).toMatchObject({ reason: { code: "overloaded", params: { seconds: 10 } } });
  // It is free again.
  expect(await inTurn(async () => "done")).toBe("done");
});
