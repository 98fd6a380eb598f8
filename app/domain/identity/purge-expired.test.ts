import { expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeUser, signIn } from "#tests/support/scenario.ts";
import { purgeExpired } from "./purge-expired.ts";
import { issueSetupToken } from "./setup-token.ts";

test("what can no longer be used goes, and nothing else", async () => {
  const user = await makeUser();
  for (let sessions = 0; sessions < 3; sessions++) await signIn(user);
  const [first, second] = await queryAsOwner<{ id: string }>("SELECT id FROM session ORDER BY id");
  await queryAsOwner("UPDATE session SET expires_at = now() - interval '1 second' WHERE id = $1", [
    first?.id,
  ]);
  await queryAsOwner("UPDATE session SET last_seen_at = now() - interval '13 hours' WHERE id = $1", [
    second?.id,
  ]);

  await issueSetupToken();
  await queryAsOwner(
    `INSERT INTO setup_token (id, token_hash, expires_at, used_at)
     VALUES (gen_random_uuid(), 'dead', now() - interval '1 hour', NULL), (gen_random_uuid(), 'used', now() - interval '1 hour', now())`,
  );
  await queryAsOwner(
    `INSERT INTO sign_up (id, email, name, password_hash, account_name, document, locale, created_at)
     SELECT gen_random_uuid(), age || '@example.test', 'x', 'x', 'x', 'x', 'en', now() - age * interval '1 day' FROM unnest(ARRAY[6, 8]) age`,
  );

  await purgeExpired();
  expect(await queryAsOwner("SELECT 1 FROM session")).toHaveLength(1);
  const tokens = await queryAsOwner<{ hash: string }>(
    "SELECT encode(token_hash, 'escape') AS hash FROM setup_token",
  );
  expect(tokens.map(({ hash }) => hash)).toEqual([expect.any(String), "used"]);
  expect(await queryAsOwner("SELECT email FROM sign_up")).toEqual([{ email: "6@example.test" }]);
});
