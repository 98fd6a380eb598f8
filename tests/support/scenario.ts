import { createHash, randomBytes, randomUUID } from "node:crypto";
import type {
  AccessKeyState,
  AccountState,
  BucketState,
  MemberRole,
  ProviderRole,
} from "#app/generated/prisma/enums.ts";
import { sessionCookie } from "#app/http/session.server.ts";
import { encrypt } from "#app/ports/encryption.server.ts";
import { queryAsOwner } from "./database.ts";
import { newCpf } from "./documents.ts";

export { newCpf };

export interface TestUser {
  id: string;
  email: string;
}

/**
 * A person, by default of no account and not of the provider's staff, and without a password. The staff have a second
 * factor, as they must: with `secondFactorSecret`, unless it is said otherwise.
 */
export async function makeUser(
  values: {
    email?: string;
    passwordHash?: string;
    providerRole?: ProviderRole;
    locale?: string;
    secondFactor?: boolean;
  } = {},
): Promise<TestUser> {
  const user = { id: randomUUID(), email: values.email ?? `${randomBytes(6).toString("hex")}@example.test` };
  await queryAsOwner(
    `INSERT INTO "user" (id, email, name, password_hash, locale, provider_role, updated_at)
     VALUES ($1, $2, 'Maria Teste', $3, $4, $5, now())`,
    [user.id, user.email, values.passwordHash ?? null, values.locale ?? "en", values.providerRole ?? null],
  );
  if (values.secondFactor ?? values.providerRole !== undefined) await giveSecondFactor(user);
  return user;
}

/** The secret of every second factor that tests give, in base32. */
export const secondFactorSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** A confirmed code generator, as setting one up leaves it. */
export async function giveSecondFactor(user: TestUser): Promise<void> {
  await queryAsOwner(
    "INSERT INTO second_factor (user_id, secret_encrypted, confirmed_at) VALUES ($1, $2, now())",
    [user.id, encrypt(secondFactorSecret, `second-factor:${user.id}`)],
  );
}

export interface TestAccount {
  id: string;
  slug: string;
  /** Bare. */
  document: string;
}

/** An account, by default active and with a management key that opens nothing. */
export async function makeAccount(
  values: { state?: AccountState; document?: string; slug?: string } = {},
): Promise<TestAccount> {
  const id = randomUUID();
  const account = {
    id,
    slug: values.slug ?? `conta-${id.slice(0, 8)}`,
    document: values.document ?? newCpf(),
  };
  await queryAsOwner(
    `INSERT INTO account (id, slug, name, document, state, management_access_key_id, management_secret_encrypted)
     VALUES ($1, $2, $3, $4, $5, 'MANAGEMENT', $6)`,
    [
      id,
      account.slug,
      `Conta ${id.slice(0, 8)}`,
      account.document,
      values.state ?? "active",
      encrypt("opens-nothing", `account:${id}:management-key`),
    ],
  );
  await queryAsOwner(
    `INSERT INTO quota (id, account_id, resource, limit_value, updated_at)
     SELECT gen_random_uuid(), $1, unnest(enum_range(NULL::quota_resource)), 1000, now()`,
    [id],
  );
  return account;
}

async function addMember(account: TestAccount, user: TestUser, role: MemberRole): Promise<void> {
  await queryAsOwner("INSERT INTO member (id, account_id, user_id, role) VALUES ($1, $2, $3, $4)", [
    randomUUID(),
    account.id,
    user.id,
    role,
  ]);
}

/** A person with that role in the account, new. */
export async function makeMember(account: TestAccount, role: MemberRole): Promise<TestUser> {
  const user = await makeUser();
  await addMember(account, user, role);
  return user;
}

/** A bucket as its row says; the engine knows nothing of it. */
export async function makeBucket(account: TestAccount, state: BucketState = "active"): Promise<string> {
  const id = randomUUID();
  await queryAsOwner("INSERT INTO bucket (id, account_id, name, state) VALUES ($1, $2, $3, $4)", [
    id,
    account.id,
    `balde-${id.slice(0, 8)}`,
    state,
  ]);
  return id;
}

/** An access key as its row says; the engine knows nothing of it. */
async function makeAccessKey(account: TestAccount, state: AccessKeyState = "active"): Promise<string> {
  const id = randomUUID();
  await queryAsOwner(
    `INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, state, request_id)
     VALUES ($1, $2, 'chave', $3, 'read_write', true, $4, $5)`,
    [id, account.id, id.replaceAll("-", "").slice(0, 20).toUpperCase(), state, randomUUID()],
  );
  return id;
}

/** A finding as its row says, of a bucket that the console does not know; the engine knows nothing of it. */
async function makeFinding(account: TestAccount): Promise<string> {
  const id = randomUUID();
  const sides = {
    consoleSays: null,
    engineSays: { createdAt: "2026-01-02T03:04:05.000Z", ownerUser: "owner" },
  };
  await queryAsOwner(
    `INSERT INTO finding (id, account_id, kind, resource, sides, first_seen_at, last_seen_at)
     VALUES ($1, $2, 'bucket_only_at_engine', $3, $4, now(), now())`,
    [id, account.id, `achado-${id.slice(0, 8)}`, JSON.stringify(sides)],
  );
  return id;
}

/** A preview of a lifecycle rule in the bucket that has ended, as its row says. */
async function makeSurvey(account: TestAccount, bucket: string): Promise<string> {
  const id = randomUUID();
  const some = { count: "3", bytes: "3000" };
  const effects = { objects: some, hidden: some, versions: some, markers: "1", uploads: some };
  const counts = {
    entries: "10",
    expected: "10",
    prefix: "",
    current: some,
    noncurrent: some,
    markers: { count: "2", withNothingBehind: "1" },
    uploads: { ...some, parts: "3", oldestAt: "2026-01-02T03:04:05.000Z" },
    versioning: "enabled",
    rule: { today: effects, in30Days: effects },
    bound: null,
  };
  await queryAsOwner(
    `INSERT INTO bucket_survey (id, account_id, bucket_id, state, rule, counts, started_at, ended_at)
     VALUES ($1, $2, $3, 'finished', $4, $5, now(), now())`,
    [id, account.id, bucket, JSON.stringify({ enabled: true, noncurrentDays: 30 }), JSON.stringify(counts)],
  );
  return id;
}

/** A membership of somebody who may do little, for the pages about members. */
async function makeMembership(account: TestAccount): Promise<string> {
  const { id } = await makeMember(account, "developer");
  const [member] = await queryAsOwner<{ id: string }>("SELECT id FROM member WHERE user_id = $1", [id]);
  return member?.id ?? "";
}

/** An invitation into the account that nobody has answered. */
async function makeInvitation(account: TestAccount): Promise<string> {
  const id = randomUUID();
  await queryAsOwner(
    `INSERT INTO invitation (id, account_id, email, role, locale, expires_at)
     VALUES ($1, $2, $3, 'developer', 'en', now() + interval '7 days')`,
    [id, account.id, `${id.slice(0, 8)}@example.test`],
  );
  return id;
}

/** An invitation to the provider's staff that nobody has answered. */
async function makeStaffInvitation(): Promise<string> {
  const id = randomUUID();
  await queryAsOwner(
    `INSERT INTO invitation (id, email, provider_role, locale, expires_at)
     VALUES ($1, $2, 'support', 'en', now() + interval '7 days')`,
    [id, `${id.slice(0, 8)}@example.test`],
  );
  return id;
}

/** A session of the user, as signing in makes it; answers its cookie for `visitor`. */
export async function signIn(user: TestUser): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await queryAsOwner(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [randomUUID(), createHash("sha256").update(token).digest(), user.id],
  );
  return sessionCookie.serialize(token);
}

/**
 * What stands in the database, table by table: how many rows, and a digest that any change of a value
 * changes. Left out are the audit log, which a refusal belongs in, and sessions, which note their last use.
 */
export async function snapshot(): Promise<Record<string, string>> {
  const tables = await queryAsOwner<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE (schemaname = 'public' AND tablename NOT LIKE 'audit%' AND tablename NOT IN ('session', 'rate_limit', '_prisma_migrations'))
        OR (schemaname = 'pgboss' AND tablename = 'job')`,
  );
  const union = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, count(*) || ':' || coalesce(sum(hashtext(t::text)), 0) AS rows FROM ${name} t`,
  );
  const rows = await queryAsOwner<{ name: string; rows: string }>(union.join(" UNION ALL "));
  return Object.fromEntries(rows.map(({ name, rows }) => [name, rows]));
}

/** A mail that the mail server refused for good, to nobody in particular. */
async function makeFailedEmail(): Promise<string> {
  const id = randomUUID();
  await queryAsOwner(
    `INSERT INTO email (id, message, data, state, closed_at) VALUES ($1, 'welcome', $2, 'failed', now())`,
    [id, JSON.stringify({ userId: randomUUID() })],
  );
  return id;
}

/** An active account with a bucket, a key and a finding, as values for the names in an address. */
export interface Tenancy {
  account: TestAccount;
  bucket: string;
  key: string;
  /** Of the bucket. */
  survey: string;
  finding: string;
  member: string;
  invitation: string;
  /** Somebody who has no part in it, for the pages about users. */
  user: string;
  /** To the provider's staff. */
  staffInvitation: string;
  /** In the outbox, refused for good. */
  email: string;
  /** Which message, for its preview. */
  message: string;
}

export async function makeTenancy(): Promise<Tenancy> {
  const account = await makeAccount();
  const bucket = await makeBucket(account);
  return {
    account,
    bucket,
    survey: await makeSurvey(account, bucket),
    key: await makeAccessKey(account),
    finding: await makeFinding(account),
    member: await makeMembership(account),
    invitation: await makeInvitation(account),
    user: (await makeUser()).id,
    staffInvitation: await makeStaffInvitation(),
    email: await makeFailedEmail(),
    message: "welcome",
  };
}

/** The names that addresses hold: an account goes by its slug in pages and by its id in the API. */
export function namesOf(tenancy: Tenancy, isApi: boolean): Record<string, string> {
  const { account, ...names } = tenancy;
  return {
    account: isApi ? account.id : account.slug,
    ...names,
    token: "A".repeat(43),
    // Of nobody: what another person's answers is in sessions.test.ts.
    session: randomUUID(),
    // Of nobody: what another person's notification answers is in notifications.test.ts.
    notification: randomUUID(),
    // Of nobody, and not set up: sign-in-providers.test.ts has some.
    identity: randomUUID(),
    provider: "none",
  };
}
