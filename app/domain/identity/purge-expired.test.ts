import { expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeUser, signIn } from "#tests/support/scenario.ts";
import { purgeExpired } from "./purge-expired.ts";
import { issueSetupToken } from "./staff/setup-token.ts";

test("what can no longer be used goes, and nothing else", async () => {
  const user = await makeUser();
  // Ended a week ago and more, in each way, and what is kept so long: a form may still be posted with it.
  const ages = [
    "expires_at = now() - interval '169 hours'",
    "last_seen_at = now() - interval '181 hours'",
    "second_factor_due = true, expires_at = now() - interval '1 second'",
    "expires_at = now() - interval '167 hours'",
    "last_seen_at = now() - interval '179 hours'",
  ];
  for (const age of ages) {
    await signIn(user);
    await queryAsOwner(
      `UPDATE session SET user_agent = $1, ${age} WHERE id = (SELECT id FROM session WHERE user_agent IS NULL)`,
      [age],
    );
  }
  await queryAsOwner(
    `INSERT INTO form_draft (id, user_id, path, fields_encrypted, expires_at)
     SELECT gen_random_uuid(), $1, '/' || minutes, 'x', now() + minutes * interval '1 minute' FROM unnest(ARRAY[-1, 1]) minutes`,
    [user.id],
  );
  await queryAsOwner(
    `INSERT INTO link_token (id, purpose, subject_id, token_hash, expires_at)
     SELECT gen_random_uuid(), 'password_reset', $1, minutes::text::bytea, now() + minutes * interval '1 minute'
     FROM unnest(ARRAY[-1, 1]) minutes`,
    [user.id],
  );
  await queryAsOwner(
    `INSERT INTO email_change (id, user_id, old_email, new_email, created_at)
     SELECT gen_random_uuid(), $1, 'old', days::text, now() - days * interval '1 day' FROM unnest(ARRAY[29, 31]) days`,
    [user.id],
  );
  await queryAsOwner(
    `INSERT INTO rate_limit (key, points, expire)
     SELECT minutes::text, 1, (extract(epoch FROM now()) * 1000)::bigint + minutes * 60000 FROM unnest(ARRAY[-1, 1]) minutes`,
  );

  await issueSetupToken();
  await queryAsOwner(
    `INSERT INTO setup_token (id, token_hash, expires_at, used_at)
     VALUES (gen_random_uuid(), 'dead', now() - interval '1 hour', NULL), (gen_random_uuid(), 'used', now() - interval '1 hour', now())`,
  );
  await queryAsOwner(
    `INSERT INTO sign_up (id, email, name, password_hash, account_name, document, locale, created_at)
     SELECT gen_random_uuid(), age || '@example.test', 'x', 'x', 'x', 'x', 'en', now() - age * interval '1 day' FROM unnest(ARRAY[6, 8]) age`,
  );
  await queryAsOwner(
    `INSERT INTO used_state (state_hash, expires_at)
     SELECT minutes::text::bytea, now() + minutes * interval '1 minute' FROM unnest(ARRAY[-1, 1]) minutes`,
  );

  await purgeExpired();
  const sessions = await queryAsOwner<{ age: string }>("SELECT user_agent AS age FROM session");
  expect(sessions.map(({ age }) => age).sort()).toEqual(ages.slice(3).sort());
  expect(await queryAsOwner("SELECT path FROM form_draft")).toEqual([{ path: "/1" }]);
  expect(await queryAsOwner("SELECT expires_at > now() AS works FROM link_token")).toEqual([{ works: true }]);
  expect(await queryAsOwner("SELECT new_email FROM email_change")).toEqual([{ new_email: "29" }]);
  expect(await queryAsOwner("SELECT key FROM rate_limit")).toEqual([{ key: "1" }]);
  expect(await queryAsOwner("SELECT expires_at > now() AS counts FROM used_state")).toEqual([
    { counts: true },
  ]);
  const tokens = await queryAsOwner<{ hash: string }>(
    "SELECT encode(token_hash, 'escape') AS hash FROM setup_token",
  );
  expect(tokens.map(({ hash }) => hash)).toEqual([expect.any(String), "used"]);
  expect(await queryAsOwner("SELECT email FROM sign_up")).toEqual([{ email: "6@example.test" }]);
});
