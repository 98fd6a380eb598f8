import { randomUUID } from "node:crypto";
import type { ParsedMail } from "mailparser";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { emailMessageNames } from "#app/emails/render.ts";
import { db } from "#app/ports/db.server.ts";
import { closeMailer } from "#app/ports/mailer.server.ts";
import { stranger } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeMailServer } from "#tests/support/mail-server.ts";
import { makeMember, makeTenancy, makeUser, type Tenancy } from "#tests/support/scenario.ts";
import { findLinkSubject } from "../identity/link-tokens.ts";
import { findSignUp } from "../identity/sign-up/find-sign-up.ts";
import { signUp } from "../identity/sign-up/sign-up.ts";
import { deliverEmail } from "../mail/deliver-email.ts";
import type { OutgoingMail } from "../mail/outgoing.ts";
import { queueEmail } from "../mail/queue-email.ts";
import type { notificationKinds } from "../notifications/kinds.ts";
import { writeEmail } from "./write-email.ts";

// The settings are read when the first module that needs them is imported: this runs before any import.
const port = await vi.hoisted(async () => {
  const { freePort } = await import("#tests/support/postgres.ts");
  const free = await freePort();
  process.env.SMTP_URL = `smtp://127.0.0.1:${free}`;
  process.env.PUBLIC_URL = "https://console.example.com";
  process.env.PROVIDER_NAME = "Nuvem São João";
  process.env.SUPPORT_EMAIL = "ajuda@example.com";
  return free;
});

// Every message as its reader gets it: from the rows it is about, over real SMTP, in the reader's language.
const server = makeMailServer(port);
const { received } = server;
beforeAll(() => server.start());
afterAll(async () => {
  closeMailer();
  await server.stop();
});
beforeEach(() => {
  received.length = 0;
});

/** Queues a mail and does its job; answers the row's id. */
async function send(mail: OutgoingMail): Promise<string> {
  const { id } = await db.$transaction(async (tx) => {
    await queueEmail(tx, mail);
    return tx.email.findFirstOrThrow({ where: { state: "queued" }, orderBy: { id: "desc" } });
  });
  await deliverEmail(id, writeEmail);
  return id;
}

async function stateOf(id: string): Promise<string> {
  return (await db.email.findUniqueOrThrow({ where: { id } })).state;
}

/** The one mail that arrived. */
function only(): ParsedMail & { text: string; html: string; subject: string; recipient: string } {
  expect(received).toHaveLength(1);
  const [mail] = received as [ParsedMail];
  const recipient = mail.to && !Array.isArray(mail.to) ? mail.to.text : "";
  return { ...mail, text: mail.text ?? "", html: String(mail.html), subject: mail.subject ?? "", recipient };
}

const tokenIn = (text: string, path: string) =>
  new RegExp(`https://console\\.example\\.com/${path}/(\\S+)`).exec(text)?.[1] ?? "";

interface Scene extends Tenancy {
  owner: { id: string; email: string };
}

async function makeScene(): Promise<Scene> {
  const tenancy = await makeTenancy();
  const owner = await makeMember(tenancy.account, "owner");
  await queryAsOwner(`UPDATE "user" SET name = 'Conceição', time_zone = 'Asia/Tokyo' WHERE id = $1`, [
    owner.id,
  ]);
  await queryAsOwner("UPDATE account SET name = 'Padaria São João' WHERE id = $1", [tenancy.account.id]);
  await makeRotation(tenancy.key);
  return { ...tenancy, owner };
}

/** Has a key be replaced by another. */
async function makeRotation(key: string): Promise<void> {
  await queryAsOwner(
    `WITH made AS (
       INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, state, request_id)
       SELECT gen_random_uuid(), account_id, name, $2, permission, all_buckets, state, gen_random_uuid()
       FROM access_key WHERE id = $1 RETURNING id, account_id
     )
     INSERT INTO access_key_rotation (id, account_id, old_key_id, new_key_id, until)
     SELECT gen_random_uuid(), account_id, $1, id, now() + interval '7 days' FROM made`,
    [key, randomUUID().replaceAll("-", "").slice(0, 20).toUpperCase()],
  );
}

async function makeInvitation(values: {
  accountId: string | null;
  invitedBy: string;
  expiresAt?: Date;
}): Promise<{ id: string; email: string }> {
  const { accountId, invitedBy, expiresAt = new Date(Date.now() + 7 * 86_400_000) } = values;
  return db.invitation.create({
    data: {
      accountId,
      email: `${randomUUID()}@example.test`,
      ...(accountId ? { role: "developer" as const } : { providerRole: "support" as const }),
      invitedById: invitedBy,
      locale: "en",
      expiresAt,
    },
    select: { id: true, email: true },
  });
}

async function makeEmailChange(userId: string, confirmedAt: Date | null) {
  const data = { userId, oldEmail: "old@example.test", newEmail: "new@example.test", confirmedAt };
  return db.emailChange.create({ data, select: { id: true } });
}

const later = "2027-01-02T12:00:00.000Z";
const security = { accountId: null, data: {} };
const invoice = { number: "2026-000123", amountCents: 123_456, currency: "BRL", dueOn: "2026-12-10" };

type Case = [
  /** What is in both parts. */
  says: string[],
  /** Where its link leads. */
  path: (scene: Scene) => string,
  mail: (scene: Scene) => OutgoingMail,
];
const toOwner = ({ owner, account }: Scene) => ({ userId: owner.id, accountId: account.id });
const inAccount = (path: string) => (scene: Scene) => `/accounts/${scene.account.slug}${path}`;
const keyPage = (scene: Scene) => `/accounts/${scene.account.slug}/access-keys/${scene.key}`;
const rotationPage = (scene: Scene) => `${keyPage(scene)}/rotation`;
const securityPage = () => "/me/security";
/** When something happened, in the reader's zone. */
const inTokyo = "GMT+9";

/** Every kind of notification, as `notify` queues it. */
const notices: Record<Exclude<keyof typeof notificationKinds, "email-changed">, Case> = {
  "password-changed": [
    [inTokyo],
    securityPage,
    ({ owner }) => ({ message: "password-changed", userId: owner.id, ...security }),
  ],
  "second-factor-enabled": [
    [inTokyo],
    securityPage,
    ({ owner }) => ({ message: "second-factor-enabled", userId: owner.id, ...security }),
  ],
  "second-factor-disabled": [
    [inTokyo],
    securityPage,
    ({ owner }) => ({ message: "second-factor-disabled", userId: owner.id, ...security }),
  ],
  "second-factor-reset": [
    [inTokyo],
    securityPage,
    ({ owner }) => ({ message: "second-factor-reset", userId: owner.id, ...security }),
  ],
  "recovery-codes-renewed": [
    [inTokyo],
    securityPage,
    ({ owner }) => ({ message: "recovery-codes-renewed", userId: owner.id, ...security }),
  ],
  "recovery-code-used": [
    [inTokyo, "Codes left"],
    securityPage,
    ({ owner }) => ({ message: "recovery-code-used", userId: owner.id, accountId: null, data: { left: 3 } }),
  ],
  "identity-linked": [
    [inTokyo, "Acme ID"],
    securityPage,
    ({ owner }) => ({
      message: "identity-linked",
      userId: owner.id,
      accountId: null,
      data: { providerName: "Acme ID" },
    }),
  ],
  "identity-unlinked": [
    [inTokyo, "Acme ID"],
    securityPage,
    ({ owner }) => ({
      message: "identity-unlinked",
      userId: owner.id,
      accountId: null,
      data: { providerName: "Acme ID" },
    }),
  ],
  "sign-in-attack": [
    [inTokyo, "203.0.113.7"],
    securityPage,
    ({ owner }) => ({
      message: "sign-in-attack",
      userId: owner.id,
      accountId: null,
      data: { address: "203.0.113.7" },
    }),
  ],

  "account-approved": [
    [],
    inAccount(""),
    (scene) => ({ message: "account-approved", ...toOwner(scene), data: {} }),
  ],
  "account-rejected": [
    ["O CNPJ está baixado."],
    inAccount(""),
    (scene) => ({ message: "account-rejected", ...toOwner(scene), data: {} }),
  ],
  "account-suspended": [
    [],
    inAccount(""),
    (scene) => ({ message: "account-suspended", ...toOwner(scene), data: {} }),
  ],
  "account-resumed": [
    [],
    inAccount(""),
    (scene) => ({ message: "account-resumed", ...toOwner(scene), data: {} }),
  ],
  "account-submitted": [
    ["Conceição"],
    ({ account }) => `/admin/accounts/${account.slug}`,
    (scene) => ({ message: "account-submitted", ...toOwner(scene), data: {} }),
  ],

  "member-joined": [
    ["Zé"],
    inAccount("/members"),
    (scene) => ({ message: "member-joined", ...toOwner(scene), data: { name: "Zé" } }),
  ],
  "member-left": [
    ["Zé"],
    inAccount("/members"),
    (scene) => ({ message: "member-left", ...toOwner(scene), data: { name: "Zé" } }),
  ],
  "member-removed": [
    [],
    () => "/accounts",
    (scene) => ({ message: "member-removed", ...toOwner(scene), data: {} }),
  ],
  "role-changed": [
    ["Administrator"],
    inAccount(""),
    (scene) => ({ message: "role-changed", ...toOwner(scene), data: { role: "admin" } }),
  ],
  "ownership-transferred": [
    ["Zé"],
    inAccount(""),
    (scene) => ({ message: "ownership-transferred", ...toOwner(scene), data: { name: "Zé" } }),
  ],
  "invitation-declined": [
    ["ze@example.test"],
    inAccount("/members"),
    (scene) => ({ message: "invitation-declined", ...toOwner(scene), data: { email: "ze@example.test" } }),
  ],

  "storage-changed-elsewhere": [
    [],
    inAccount("/reconciliation"),
    (scene) => ({ message: "storage-changed-elsewhere", ...toOwner(scene), data: {} }),
  ],
  "access-key-expiring": [
    ["backup", inTokyo],
    keyPage,
    (scene) => ({
      message: "access-key-expiring",
      ...toOwner(scene),
      data: { keyId: scene.key, name: "backup", expiresAt: later },
    }),
  ],
  "access-key-rotation-started": [
    ["backup", inTokyo],
    rotationPage,
    (scene) => ({
      message: "access-key-rotation-started",
      ...toOwner(scene),
      data: { keyId: scene.key, name: "backup", until: later },
    }),
  ],
  "access-key-rotation-ending": [
    ["backup", inTokyo],
    rotationPage,
    (scene) => ({
      message: "access-key-rotation-ending",
      ...toOwner(scene),
      data: { keyId: scene.key, name: "backup", until: later },
    }),
  ],
  "access-key-rotation-finished": [
    ["backup", inTokyo],
    keyPage,
    (scene) => ({
      message: "access-key-rotation-finished",
      ...toOwner(scene),
      data: { keyId: scene.key, name: "backup", until: later },
    }),
  ],
  "access-key-rotation-undone": [
    ["backup"],
    keyPage,
    (scene) => ({
      message: "access-key-rotation-undone",
      ...toOwner(scene),
      data: { keyId: scene.key, name: "backup", until: later },
    }),
  ],
  "bucket-emptied": [
    ["fotos", "The bucket is empty", "1,234"],
    (scene) => inAccount(`/buckets/${scene.bucket}/emptying`)(scene),
    (scene) => ({
      message: "bucket-emptied",
      ...toOwner(scene),
      data: { bucketId: scene.bucket, name: "fotos", outcome: "finished", removed: 1_234 },
    }),
  ],
  "quota-warning": [
    ["Storage", "85%"],
    inAccount("/usage"),
    (scene) => ({
      message: "quota-warning",
      ...toOwner(scene),
      data: { resource: "storage_bytes", percent: 85 },
    }),
  ],
  "quota-decided": [
    ["Access keys", "Approved"],
    inAccount("/quotas"),
    (scene) => ({
      message: "quota-decided",
      ...toOwner(scene),
      data: { resource: "access_keys", decision: "approved" },
    }),
  ],

  "invoice-issued": [
    ["2026-000123", "R$1,234.56", "December 10, 2026"],
    inAccount("/invoices/2026-000123"),
    (scene) => ({ message: "invoice-issued", ...toOwner(scene), data: invoice }),
  ],
  "invoice-due": [
    ["2026-000123", "R$1,234.56", "December 10, 2026"],
    inAccount("/invoices/2026-000123"),
    (scene) => ({ message: "invoice-due", ...toOwner(scene), data: invoice }),
  ],
  "invoice-overdue": [
    ["2026-000123", "R$1,234.56", "December 10, 2026"],
    inAccount("/invoices/2026-000123"),
    (scene) => ({ message: "invoice-overdue", ...toOwner(scene), data: invoice }),
  ],
  "invoice-paid": [
    ["2026-000123", "R$1,234.56", "December 10, 2026"],
    inAccount("/invoices/2026-000123"),
    (scene) => ({ message: "invoice-paid", ...toOwner(scene), data: invoice }),
  ],
};

/** What has to be so for some of them. */
const settings: Partial<Record<keyof typeof notices, (scene: Scene) => Promise<unknown>>> = {
  "account-rejected": ({ account }) =>
    queryAsOwner(
      "UPDATE account SET state = 'rejected', rejection_reason = 'O CNPJ está baixado.' WHERE id = $1",
      [account.id],
    ),
  "account-suspended": ({ account }) =>
    queryAsOwner("UPDATE account SET state = 'suspended' WHERE id = $1", [account.id]),
  "account-submitted": async ({ account, owner }) => {
    await queryAsOwner("UPDATE account SET state = 'pending' WHERE id = $1", [account.id]);
    await queryAsOwner(`UPDATE "user" SET provider_role = 'operator' WHERE id = $1`, [owner.id]);
  },
  "member-removed": ({ owner }) => queryAsOwner("DELETE FROM member WHERE user_id = $1", [owner.id]),
};

describe("every kind of notification", () => {
  test.each(Object.entries(notices))("%s", async (kind, [says, path, mail]) => {
    const scene = await makeScene();
    await settings[kind as keyof typeof notices]?.(scene);
    for (const locale of ["en", "pt-BR"]) {
      received.length = 0;
      await queryAsOwner(`UPDATE "user" SET locale = $2 WHERE id = $1`, [scene.owner.id, locale]);
      const id = await send(mail(scene));

      expect(await stateOf(id)).toBe("sent");
      const { recipient, text, html, messageId, headers, from } = only();
      expect(recipient).toBe(scene.owner.email);
      expect(messageId).toMatch(new RegExp(`^<${id}@`));
      expect(from?.value).toHaveLength(1);
      expect(headers.get("content-language")).toBe(locale);
      expect(headers.get("auto-submitted")).toBe("auto-generated");
      const url = `https://console.example.com${path(scene)}`;
      expect(html).toContain(`href="${url}"`);
      expect(text).toContain(`${url}\n`);
      // Links lead to us and nowhere else.
      expect(
        html.match(/href="[^"]*"/g)?.filter((link) => !link.includes('"https://console.example.com/')),
      ).toEqual([]);
      expect(text).toContain("Nuvem São João");
      expect(text).toContain("ajuda@example.com");
      if (locale !== "en") continue;
      for (const part of says) {
        expect(text.replaceAll(/[\u00a0\u202f]/g, " ")).toContain(part);
        expect(html.replaceAll(/[\u00a0\u202f]/g, " ")).toContain(part);
      }
      if (scene.account && /^(account|member|role|invoice|quota|storage|access)/.test(kind))
        expect(text).toContain("Padaria São João");
    }
  });

  test("and no other message is without a test", () => {
    const others = [
      "verify-email",
      "sign-up-attempt",
      "welcome",
      "password-reset",
      "email-change",
      "email-changed",
      "invitation",
      "invitation-to-staff",
      "invitation-to-staff-declined",
    ];
    expect([...Object.keys(notices), ...others].sort()).toEqual(emailMessageNames.toSorted());
  });

  test("of a declined invitation to the staff goes to the operator who sent it", async () => {
    const operator = await makeUser({ providerRole: "operator" });
    const mail: OutgoingMail = {
      message: "invitation-declined",
      userId: operator.id,
      accountId: null,
      data: { email: "ze@example.test" },
    };
    expect(await stateOf(await send(mail))).toBe("sent");
    const { recipient, text, html } = only();
    expect(recipient).toBe(operator.email);
    expect(text).toContain("ze@example.test");
    expect(html).toContain('href="https://console.example.com/admin/users/invitations"');

    await queryAsOwner(`UPDATE "user" SET provider_role = 'support' WHERE id = $1`, [operator.id]);
    expect(await stateOf(await send(mail))).toBe("obsolete");
  });

  test("goes to nobody who has left the account, or is disabled", async () => {
    const scene = await makeScene();
    await queryAsOwner("DELETE FROM member WHERE user_id = $1", [scene.owner.id]);
    expect(await stateOf(await send({ message: "invoice-issued", ...toOwner(scene), data: invoice }))).toBe(
      "obsolete",
    );

    const user = await makeUser();
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [user.id]);
    const id = await send({ message: "password-changed", userId: user.id, ...security });
    expect(await stateOf(id)).toBe("obsolete");
    expect(received).toEqual([]);
  });

  test.each<[string, string, OutgoingMail["message"]]>([
    ["an approval, of an account that waits again", "state = 'pending'", "account-approved"],
    ["a rejection, of one that was corrected", "state = 'pending'", "account-rejected"],
    ["a suspension, of one that works again", "state = 'active'", "account-suspended"],
    ["a resumption, of one that is suspended again", "state = 'suspended'", "account-resumed"],
    ["a submission, of one that was decided on", "state = 'active'", "account-submitted"],
  ])("is dropped where it is no longer so: %s", async (_, state, message) => {
    const scene = await makeScene();
    await queryAsOwner(`UPDATE "user" SET provider_role = 'operator' WHERE id = $1`, [scene.owner.id]);
    await queryAsOwner(`UPDATE account SET ${state} WHERE id = $1`, [scene.account.id]);
    const id = await send({ message, ...toOwner(scene), data: {} } as OutgoingMail);
    expect(await stateOf(id)).toBe("obsolete");
    expect(received).toEqual([]);
  });

  test("is dropped where it is no longer so: a rotation that has ended", async () => {
    const scene = await makeScene();
    await queryAsOwner("UPDATE access_key_rotation SET state = 'undone' WHERE old_key_id = $1", [scene.key]);
    const data = { keyId: scene.key, name: "backup", until: later };
    for (const message of ["access-key-rotation-started", "access-key-rotation-ending"] as const)
      expect(await stateOf(await send({ message, ...toOwner(scene), data }))).toBe("obsolete");
    expect(received).toEqual([]);
  });

  test("is dropped where it is no longer so: findings that were decided on, a key that was revoked, a member who is back", async () => {
    const scene = await makeScene();
    await queryAsOwner("UPDATE finding SET state = 'adopting' WHERE id = $1", [scene.finding]);
    await queryAsOwner("UPDATE access_key SET revoked_at = now(), state = 'revoked' WHERE id = $1", [
      scene.key,
    ]);
    const key = { keyId: scene.key, name: "backup", expiresAt: later };
    const ids = [
      await send({ message: "storage-changed-elsewhere", ...toOwner(scene), data: {} }),
      await send({ message: "access-key-expiring", ...toOwner(scene), data: key }),
      await send({ message: "member-removed", ...toOwner(scene), data: {} }),
    ];
    for (const id of ids) expect(await stateOf(id)).toBe("obsolete");
    expect(received).toEqual([]);
  });

  test("an account's submission goes to operators alone", async () => {
    const scene = await makeScene();
    await queryAsOwner("UPDATE account SET state = 'pending' WHERE id = $1", [scene.account.id]);
    const support = await makeUser({ providerRole: "support" });
    const mail = {
      message: "account-submitted",
      userId: support.id,
      accountId: scene.account.id,
      data: {},
    } as const;
    expect(await stateOf(await send(mail))).toBe("obsolete");
  });
});

describe("signing in and up", () => {
  const form = {
    name: "Zé <https://golpe.example>",
    email: "ze@example.test",
    password: "uma frase bem comprida",
    accountName: "Ganhe já",
    document: "529.982.247-25",
  };

  test("the link in the mail confirms the sign-up, and only the newest; nothing of the form is in it", async () => {
    await signUp({ ...stranger(), locale: "pt-BR" }, form);
    const [row] = await queryAsOwner<{ id: string }>("SELECT id FROM sign_up");
    const tokens: string[] = [];
    for (let sent = 0; sent < 2; sent += 1) {
      received.length = 0;
      await send({ message: "verify-email", signUpId: row?.id ?? "" });
      const { recipient, subject, text, html } = only();
      expect(recipient).toBe(form.email);
      expect(subject).toMatch(/Confirme/);
      expect(text + html).not.toMatch(/Zé|golpe|Ganhe/);
      tokens.push(tokenIn(text, "verify-email"));
    }
    expect(await findSignUp(tokens[0] ?? "")).toBeNull();
    expect(await findSignUp(tokens[1] ?? "")).toMatchObject({ email: form.email });
  });

  test("a sign-up that is gone sends nothing", async () => {
    expect(await stateOf(await send({ message: "verify-email", signUpId: randomUUID() }))).toBe("obsolete");
  });

  test("who has the address already is told", async () => {
    const user = await makeUser({ locale: "en" });
    await send({ message: "sign-up-attempt", userId: user.id });
    const { recipient, subject, text } = only();
    expect(recipient).toBe(user.email);
    expect(subject).toContain("already signed up");
    expect(text).toContain("https://console.example.com/login\n");
  });

  test("who confirmed is welcomed", async () => {
    const user = await makeUser({ locale: "pt-BR" });
    await send({ message: "welcome", userId: user.id });
    expect(only().text).toContain("https://console.example.com/accounts\n");
  });

  test("6.4.1: a password's link holds a token that works, and says how long", async () => {
    const user = await makeUser({ locale: "en" });
    await send({ message: "password-reset", userId: user.id });
    const { text } = only();
    expect(text).toContain("valid for 1 hour");
    expect(await findLinkSubject("password_reset", tokenIn(text, "reset-password"))).toBe(user.id);
  });

  test("6.4.1: a new address is mailed the link, and the old one the news once it is confirmed", async () => {
    const user = await makeUser({ locale: "en" });
    const asked = await makeEmailChange(user.id, null);
    expect(await stateOf(await send({ message: "email-changed", emailChangeId: asked.id }))).toBe("obsolete");
    await send({ message: "email-change", emailChangeId: asked.id });
    const { recipient, text } = only();
    expect(recipient).toBe("new@example.test");
    expect(text).not.toContain("Maria");
    expect(await findLinkSubject("email_change", tokenIn(text, "confirm-email"))).toBe(asked.id);

    received.length = 0;
    const changed = await makeEmailChange(user.id, new Date("2026-11-22T22:03:00Z"));
    expect(await stateOf(await send({ message: "email-change", emailChangeId: changed.id }))).toBe(
      "obsolete",
    );
    await send({ message: "email-changed", emailChangeId: changed.id });
    const news = only();
    expect(news.recipient).toBe("old@example.test");
    expect(news.text).toContain("November 22, 2026 at 19:03");
    // Whoever reads the old address need not learn the new one.
    expect(news.text).not.toContain("new@example.test");
  });
});

describe("invitations", () => {
  test("6.4.1: name who invites, into what and as what, and hold a link that works", async () => {
    const { account, owner } = await makeScene();
    const invitation = await makeInvitation({ accountId: account.id, invitedBy: owner.id });
    await send({ message: "invitation", invitationId: invitation.id });
    const { recipient, subject, text } = only();
    expect(recipient).toBe(invitation.email);
    expect(subject).toBe("You have been invited – Nuvem São João");
    expect(text).toContain(
      "Account: Padaria São João\nInvited by: Conceição\nRole in the account: Developer\n",
    );
    expect(await findLinkSubject("invitation", tokenIn(text, "invitations"))).toBe(invitation.id);
  });

  test("into the staff: with the role there", async () => {
    const operator = await makeUser({ providerRole: "operator" });
    const invitation = await makeInvitation({ accountId: null, invitedBy: operator.id });
    await send({ message: "invitation", invitationId: invitation.id });
    expect(only().text).toContain("Invited by: Maria Teste\nRole: Support\n");
  });

  test("that were cancelled, or have expired, are not sent", async () => {
    const { account, owner } = await makeScene();
    const cancelled = await makeInvitation({ accountId: account.id, invitedBy: owner.id });
    await db.invitation.update({ where: { id: cancelled.id }, data: { state: "cancelled" } });
    const expiresAt = new Date(Date.now() - 1_000);
    const expired = await makeInvitation({ accountId: account.id, invitedBy: owner.id, expiresAt });
    for (const { id } of [cancelled, expired])
      expect(await stateOf(await send({ message: "invitation", invitationId: id }))).toBe("obsolete");
    expect(received).toEqual([]);
  });
});

test("6.4.1: the token of a link stands in the mail, and in no row and no job", async () => {
  const user = await makeUser();
  await send({ message: "password-reset", userId: user.id });
  const token = tokenIn(only().text, "reset-password");
  expect(token).toMatch(/^[\w-]{43}$/);
  const tables = await queryAsOwner<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'pgboss')`,
  );
  for (const { name } of tables) {
    const found = await queryAsOwner(`SELECT 1 FROM ${name} t WHERE t::text LIKE $1`, [`%${token}%`]);
    expect([name, found]).toEqual([name, []]);
  }
});

test("what cannot be written is given up, and operators see why", async () => {
  const { owner, account } = await makeScene();
  const broken = await send({ message: "member-joined", userId: owner.id, accountId: account.id, data: {} });
  expect(await db.email.findUnique({ where: { id: broken } })).toMatchObject({
    state: "failed",
    lastError: "the data has no text name",
  });
  const unknown = await send({ message: "from-the-future" } as unknown as OutgoingMail);
  expect(await db.email.findUnique({ where: { id: unknown } })).toMatchObject({
    state: "failed",
    lastError: "no message is called from-the-future",
  });
  expect(received).toEqual([]);
});
