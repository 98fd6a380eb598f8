import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaultInstallation, startFaultInstallation } from "#tests/support/fault-installation.ts";
import { activations, becomeOperator, insertPendingAccount } from "#tests/support/fault-scenario.ts";
import {
  type AccountAtWork,
  type Answer,
  approve,
  type KeyForm,
  newKeyForm,
  openAccount,
  shownKey,
} from "./account-at-work.ts";
import { consoleSays, engineSays, engineUsers, statusWith, unfinished } from "./both-sides.ts";
import { signalCeph, startCeph } from "./daemons.ts";
import { startTap, type Tap } from "./tap.ts";

/** What happens to the engine, and what ends it. */
const faults = [
  {
    name: "gateway-hangs",
    strike: () => signalCeph("SIGSTOP", "gateway"),
    mend: async () => signalCeph("SIGCONT", "gateway"),
  },
  // Its supervisor starts it again, as systemd would at a provider's.
  {
    name: "gateway-dies",
    strike: () => signalCeph("SIGKILL", "gateway"),
    mend: async () => {},
  },
  {
    name: "osd-hangs",
    strike: () => signalCeph("SIGSTOP", "osd"),
    mend: async () => signalCeph("SIGCONT", "osd"),
  },
  {
    name: "all-die",
    strike: () => signalCeph("SIGKILL", "supervisor", "gateway", "osd", "mon"),
    mend: startCeph,
  },
];

const AWAY_MS = 8_000;
/** Between one thing that is begun and the next: each is a handful of requests to the engine, of some 10 ms. */
const PACE_MS = 15;
/** What a hung engine may cost whoever waits for a page. */
const PAGE_MS = 3_000;
/**
 * For 30 s after its gateway died Ceph lets every change of a user wait. And the console's clock clears half-made keys
 * away twice, a minute or two apart.
 */
const RECOVERY_MS = 180_000;

/**
 * A real gateway fails in the midst of provisioning, of making keys and of revoking them: whoever waits is
 * answered in time, and afterwards console and engine agree, with no human step.
 */
describe("Ceph fails in the middle", () => {
  let installation: FaultInstallation;
  let cookie: string;
  let before: ReadonlySet<string>;
  let tap: Tap;

  beforeAll(async () => {
    before = new Set(await engineUsers());
    tap = await startTap(process.env.STORAGE_ENDPOINT ?? "");
    installation = await startFaultInstallation({ STORAGE_ENDPOINT: tap.endpoint });
    cookie = await becomeOperator(installation);
  }, 180_000);
  afterAll(async () => {
    await installation?.stop();
    tap?.stop();
  });

  test.each(faults)("$name", { timeout: 300_000 }, async ({ name, strike, mend }) => {
    const account = await openAccount(installation, cookie, name);
    const bucket = `${name}-0`;
    const first = await account.createBucket(bucket);
    const [spareKey, ...oldKeys] = (
      await inTurn(7, (index) => account.createKey(newKeyForm(`old ${index}`)))
    ).map(shownKey);
    const forms = oldKeys.map((_, index) => newKeyForm(`new ${index}`));
    const pending = await inTurn(4, (index) => insertPendingAccount(installation, `${name}-${index}`));

    // The engine fails while all of it is under way, and somebody looks around meanwhile.
    const inTheMidst = nthRequest(tap, 4, isPolicy, strike);
    const work = workOn(account, { pending, forms, oldKeys });
    await inTheMidst;
    const look = lookAround(account, { bucketId: String(first.body.id), keyId: spareKey?.id ?? "" });
    const clearing = clearAwayEachSecond(installation);
    const [answers, looks] = await Promise.all([work, look, clearing]);
    await mend();

    expect(looks.filter(({ ms }) => ms >= PAGE_MS)).toEqual([]);
    expect(looks.filter(({ what, status }) => what.startsWith("open") && status !== 200)).toEqual([]);
    // So much at once makes a busy machine slow: what did not ask the engine shows how slow.
    const machineMs = Math.max(...answers.filter(({ what }) => !/key/.test(what)).map(({ ms }) => ms));
    expect(answers.filter(({ ms }) => ms - machineMs >= PAGE_MS)).toEqual([]);

    // Whatever was begun comes to its end by itself.
    await expect
      .poll(() => unfinished(installation, { failedKeys: false }), { timeout: RECOVERY_MS, interval: 1_000 })
      .toEqual([]);
    for (const id of pending) expect(await activations(installation, id)).toBe(1);

    // What was said to be done is done, and what was not may be asked for again.
    const { endpoint } = await installation.storage();
    const created = answers.filter(({ what }) => what.startsWith("create key"));
    for (const [index, form] of forms.entries()) {
      const answer = created[index]?.status === 201 ? created[index] : await account.createKey(form);
      expect(await statusWith(endpoint, shownKey(answer), bucket)).toBe(200);
    }
    for (const key of oldKeys) expect(await statusWith(endpoint, key, bucket)).toBe(403);
  });

  test("and in the end console and engine agree on every user, key and bucket", {
    timeout: 300_000,
  }, async () => {
    await expect
      .poll(() => unfinished(installation, { failedKeys: true }), { timeout: RECOVERY_MS, interval: 1_000 })
      .toEqual([]);
    expect(await engineSays(before)).toEqual(await consoleSays(installation));
  });

  /** Approves, creates and revokes, one thing after another without waiting for answers. */
  async function workOn(
    account: AccountAtWork,
    { pending, forms, oldKeys }: { pending: string[]; forms: KeyForm[]; oldKeys: { id: string }[] },
  ): Promise<Answer[]> {
    const steps = forms.flatMap((form, index) => [
      ...pending.slice(index, index + 1).map((id) => () => approve(installation, cookie, id)),
      () => account.createKey(form),
      () => account.revokeKey(oldKeys[index]?.id ?? ""),
      () => account.createBucket(`${account.slug}-${index + 1}`),
    ]);
    const answers: Promise<Answer>[] = [];
    for (const start of steps) {
      answers.push(start());
      await sleep(PACE_MS);
    }
    return Promise.all(answers);
  }
});

/** A policy is the last step of making a user: the user is there, and can do nothing yet. */
const isPolicy = (line: string) => line.startsWith("POST / ");

/**
 * Strikes when the console sends the gateway its nth request of that kind: some of the work is done then, some is not
 * begun, and the rest is at each of its steps.
 */
function nthRequest(
  tap: Tap,
  nth: number,
  kind: (line: string) => boolean,
  strike: () => void,
): Promise<void> {
  let seen = 0;
  return new Promise((struck) => {
    tap.watch((line) => {
      if (!kind(line)) return;
      seen += 1;
      if (seen !== nth) return;
      strike();
      struck();
    });
  });
}

/**
 * Does one thing after the other for as long as the engine is away: opens pages, of which the bucket's own asks the
 * engine, makes a key and revokes one.
 */
async function lookAround(
  account: AccountAtWork,
  { bucketId, keyId }: { bucketId: string; keyId: string },
): Promise<Answer[]> {
  const home = `/accounts/${account.slug}`;
  const paths = [
    home,
    `${home}/buckets`,
    `${home}/buckets/${bucketId}`,
    `${home}/access-keys`,
    `${home}/access-keys/${keyId}`,
    `${home}/usage`,
    "/admin",
    `/admin/accounts/${account.slug}`,
    "/readyz",
  ];
  const answers: Answer[] = [];
  for (const endsAt = Date.now() + AWAY_MS; Date.now() < endsAt; ) {
    for (const path of paths) answers.push(await account.open(path));
    answers.push(await account.createKey(newKeyForm("meanwhile")));
    answers.push(await account.revokeKey(keyId));
  }
  return answers;
}

/**
 * Has half-made keys cleared away time and again, and not only when the minute comes: at the moment when the engine
 * is back, it finds requests that make a user beside ones that remove it.
 */
async function clearAwayEachSecond({ query }: FaultInstallation): Promise<void> {
  for (const endsAt = Date.now() + AWAY_MS; Date.now() < endsAt; ) {
    await query("INSERT INTO pgboss.job (name, data) VALUES ('settle-access-keys', '{}')");
    await sleep(1_000);
  }
}

async function inTurn<Result>(count: number, run: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let index = 0; index < count; index++) results.push(await run(index));
  return results;
}
