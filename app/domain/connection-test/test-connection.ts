import type { AccessKeyState, AccountState } from "#app/generated/prisma/enums.ts";
import { signedProbe } from "#app/ports/connection-probe/ask-s3.ts";
import { publicEndpoint } from "../access-keys/public-endpoint.ts";
import { type Command, command } from "../command.ts";
import { accountIdOf, type Context, userIdOf } from "../context.ts";
import { DomainError, InvalidInput } from "../errors.ts";
import { readReach } from "./read-reach.ts";
import { resultOf, type TestResult } from "./results.ts";
import { testConnectionInput } from "./schema.ts";
import { type KnownKey, type Obstacle, testKey } from "./test-key.ts";
import { testWay } from "./test-way.ts";

/** For each request, of which there are at most a dozen. */
const deadlineMs = 3_000;
/** For all of it: somebody waits. */
const wholeMs = 15_000;

/**
 * Tries out an access key from where the server stands: the way to the engine, and with the secret what the key may do
 * there. The secret is in the request and in the signatures, and nowhere else: it is not kept, not audited, not logged.
 *
 * Answers the steps that were taken, in order. Throws `not-found` for another account's key, InvalidInput for a
 * bucket that the key does not reach, and `too-many-attempts`.
 */
export const testConnection: Command<typeof testConnectionInput, TestResult[]> = Object.assign(
  async (context: Context, rawInput: unknown): Promise<TestResult[]> => {
    const { key, accessKeyId, bucket } = await beginTest(context, rawInput);
    const { secret, write } = testConnectionInput.parse(rawInput);
    const results: TestResult[] = [];
    const until = performance.now() + wholeMs;
    for await (const result of steps()) {
      results.push(result);
      if (performance.now() > until) break;
    }
    return results;

    async function* steps(): AsyncGenerator<TestResult> {
      const place = publicEndpoint();
      for await (const result of testWay(place.endpoint, deadlineMs)) {
        yield result;
        if (result.outcome === "failed") return;
      }
      if (secret === undefined) {
        yield resultOf(key.obstacle ?? "signature.noSecret");
        return;
      }
      const probe = signedProbe(place, { accessKeyId, secretAccessKey: secret }, deadlineMs);
      yield* testKey(probe, key, bucket, write);
    }
  },
  { action: "access-keys:test" as const, input: testConnectionInput },
);

const beginTest = command({
  action: "access-keys:test",
  input: testConnectionInput,
  throttle: ({ context }) => [["connection-test", userIdOf(context)]],

  async run({ tx, input, context }) {
    const accountId = accountIdOf(context);
    const found = await tx.accessKey.findFirst({
      where: { id: input.id, accountId, state: { not: "failed" } },
      select: {
        accessKeyId: true,
        permission: true,
        state: true,
        expiresAt: true,
        account: { select: { state: true } },
      },
    });
    if (!found) throw new DomainError("not-found");
    const reach = await readReach(tx, accountId, input.id);
    const bucket = input.bucket ? reach.find(({ id }) => id === input.bucket) : reach[0];
    if (input.bucket && !bucket) {
      throw new InvalidInput([{ path: ["bucket"], message: "bucketGone", params: {} }]);
    }
    const key: KnownKey = {
      permission: found.permission,
      obstacle: obstacleOf(found.state, found.expiresAt, found.account.state),
      reach: reach.map(({ name }) => name),
    };
    return { key, accessKeyId: found.accessKeyId, bucket: bucket?.name ?? null };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    resourceId: input.id,
    details: { bucket: output.bucket, signed: input.secret !== undefined, write: input.write },
  }),
});

const obstacles: Partial<Record<AccessKeyState, Obstacle>> = {
  provisioning: "signature.provisioning",
  deactivating: "signature.inactive",
  inactive: "signature.inactive",
  reactivating: "signature.reactivating",
  revoking: "signature.revoked",
  revoked: "signature.revoked",
};

/** Why the engine should refuse the key, as the console knows it. */
function obstacleOf(
  state: AccessKeyState,
  expiresAt: Date | null,
  accountState: AccountState,
): Obstacle | null {
  if (obstacles[state]) return obstacles[state];
  if (expiresAt && expiresAt.getTime() <= Date.now()) return "signature.expired";
  return accountState === "active" ? null : "signature.suspended";
}
