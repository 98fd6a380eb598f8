import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withUploadSlot } from "./upload-slots.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Uploads that last until they are told to end, and what has begun so far. */
function uploads() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const all: Promise<unknown>[] = [];
  const begin = (accountId: string) => {
    const upload = withUploadSlot(accountId, async () => {
      begun.push(accountId);
      await new Promise<void>((resolve) => ends.push(resolve));
    });
    all.push(upload.catch(() => {}));
    return upload;
  };
  const endAll = async () => {
    for (const end of ends) end();
    await Promise.all(all);
  };
  return { begun, ends, begin, endAll };
}

test("of one account three at once, and the next when one has ended", async () => {
  const { begun, ends, begin, endAll } = uploads();
  for (let i = 0; i < 4; i++) void begin("a");
  void begin("b");
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["a", "a", "a", "b"]);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["a", "a", "a", "b", "a"]);
  await endAll();
});

test("of all accounts eight at once; who cannot begin does not keep others waiting", async () => {
  const { begun, ends, begin, endAll } = uploads();
  for (const account of ["a", "a", "a", "b", "b", "b", "c", "c", "a", "d"]) void begin(account);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toHaveLength(8);
  ends[3]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun.slice(8)).toEqual(["d"]);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun.slice(9)).toEqual(["a"]);
  await endAll();
});

test("who waits for half a minute is refused, and takes nobody's place", async () => {
  const { begun, ends, begin, endAll } = uploads();
  for (let i = 0; i < 3; i++) void begin("a");
  const late = begin("a").catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await late).toMatchObject({ code: "too-many-uploads", params: { seconds: 60 } });
  ends[0]?.();
  void begin("a");
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toHaveLength(4);
  await endAll();
});

test("one that fails gives its place back", async () => {
  const fail = () => withUploadSlot("a", () => Promise.reject(new Error("no")));
  for (let i = 0; i < 20; i++) await expect(fail()).rejects.toThrow("no");
});
