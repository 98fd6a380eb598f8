import { expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { TooManyAttempts } from "../../errors.ts";
import { networkOf } from "./network.ts";
import { countAttempt, forgetAttempts, forgiveAttempt, refuseThrottled, tallyAttempt } from "./throttle.ts";

/** True where it was let through. */
const tried = (attempt: Promise<void>) =>
  attempt.then(
    () => true,
    (error: unknown) => {
      expect(error).toBeInstanceOf(TooManyAttempts);
      return false;
    },
  );
const tryTimes = (times: number, limit: Parameters<typeof countAttempt>[0], key: string) =>
  Promise.all(Array.from({ length: times }, () => tried(countAttempt(limit, key))));

test("6.3.1: of many attempts at once as many pass as the limit says, and the first refusal is marked", async () => {
  const refusals: TooManyAttempts[] = [];
  await Promise.all(
    Array.from({ length: 40 }, () =>
      countAttempt("sign-in", "many at once").catch((error: TooManyAttempts) => refusals.push(error)),
    ),
  );
  expect(refusals).toHaveLength(30);
  expect(refusals.filter(({ isFirst }) => isFirst)).toHaveLength(1);
  const { seconds, minutes } = refusals[0]?.params ?? {};
  expect(seconds).toBeGreaterThan(890);
  expect(seconds).toBeLessThanOrEqual(900);
  expect(minutes).toBe(15);
});

test("keys and limits do not touch each other", async () => {
  expect(await tryTimes(6, "sign-up", "a@example.test")).toContain(false);
  expect(await tryTimes(5, "sign-up", "b@example.test")).not.toContain(false);
  expect(await tryTimes(5, "password-reset", "a@example.test")).not.toContain(false);
});

test("refusing counts nothing; forgetting begins anew; forgiving takes one back", async () => {
  const key = "one by one";
  for (let round = 0; round < 3; round++)
    expect(await tried(refuseThrottled("email-change", key))).toBe(true);
  expect(await tryTimes(5, "email-change", key)).not.toContain(false);
  expect(await tried(refuseThrottled("email-change", key))).toBe(false);
  await forgiveAttempt("email-change", key);
  expect(await tried(refuseThrottled("email-change", key))).toBe(true);
  expect(await tried(countAttempt("email-change", key))).toBe(true);
  expect(await tried(countAttempt("email-change", key))).toBe(false);
  await forgetAttempts("email-change", key);
  expect(await tryTimes(5, "email-change", key)).not.toContain(false);
});

test("what is only tallied is never refused", async () => {
  const counts = await Promise.all(
    Array.from({ length: 300 }, () => tallyAttempt("sign-in-everywhere", "x")),
  );
  expect(Math.max(...counts)).toBe(300);
  expect(new Set(counts).size).toBe(300);
});

test("time lets it through again", async () => {
  expect(await tryTimes(6, "sign-up", "later@example.test")).toContain(false);
  await queryAsOwner("UPDATE rate_limit SET expire = extract(epoch FROM now()) * 1000 - 1");
  expect(await tryTimes(5, "sign-up", "later@example.test")).not.toContain(false);
});

test("the table names nobody", async () => {
  await countAttempt("sign-in", "maria@example.test 192.0.2.0/24");
  const rows = await queryAsOwner<{ key: string }>("SELECT key FROM rate_limit WHERE key LIKE 'sign-in:%'");
  expect(rows.length).toBeGreaterThan(0);
  for (const { key } of rows) expect(key).toMatch(/^sign-in:[\w-]{43}$/);
});

test.each([
  ["192.0.2.77", "192.0.2.0/24"],
  ["::ffff:192.0.2.77", "192.0.2.0/24"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
  [null, "unknown"],
  ["no address", "no address"],
])("the network of %s is %s", (address, network) => expect(networkOf(address)).toBe(network));
