import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { mintLinkToken } from "#app/domain/identity/link-tokens.ts";
import { db } from "#app/ports/db.server.ts";
import { contextOf, stranger } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import {
  makeAccount,
  makeMember,
  makeUser,
  type TestAccount,
  type TestUser,
} from "#tests/support/scenario.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { forgetUser } from "../identity/profile/forget-user.ts";
import { readAccess } from "../identity/read-access.ts";
import { countAttempt } from "../identity/throttling/throttle.ts";
import { readQuotas } from "../quotas/read-quotas.ts";
import { acceptAsNewUser, acceptWithIdentity } from "./accept-as-new-user.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { cancelInvitation, cancelStaffInvitation } from "./cancel-invitation.ts";
import { declineInvitation } from "./decline-invitation.ts";
import { inviteMember } from "./invite-member.ts";
import { inviteStaff } from "./invite-staff.ts";
import { purgeInvitations } from "./purge-invitations.ts";
import { findInvitation, listInvitations, listStaffInvitations } from "./read-invitations.ts";
import { requestInvitationMail } from "./request-invitation-mail.ts";
import { resendInvitation, resendStaffInvitation } from "./resend-invitation.ts";

interface Team {
  account: TestAccount;
  owner: TestUser;
  context: Context;
}

async function team(values: Parameters<typeof makeAccount>[0] = {}): Promise<Team> {
  const account = await makeAccount(values);
  const owner = await makeMember(account, "owner");
  return { account, owner, context: await contextOf(owner.id, account.id) };
}

const newAddress = () => `${crypto.randomUUID()}@example.test`;
const tokenOf = (link: string) => link.split("/").at(-1) ?? "";
/** The token of the mail, minted as it is when the mail is sent. */
const mailed = (id: string) => mintLinkToken("invitation", id);
const password = "quatro pombas no varal";

async function codeOf(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** Outcomes of two attempts at once, the winner's first. */
async function both(...attempts: Promise<unknown>[]): Promise<(string | null)[]> {
  return (await Promise.all(attempts.map(codeOf))).sort((a, b) => (a ?? "").localeCompare(b ?? ""));
}

async function told(kind: string, accountId: string | null): Promise<{ user_id: string; data: object }[]> {
  return queryAsOwner(
    "SELECT user_id, data FROM notification WHERE kind = $1 AND account_id IS NOT DISTINCT FROM $2 ORDER BY id",
    [kind, accountId],
  );
}

async function eventsOf(action: string, accountId: string | null) {
  return queryAsOwner<{ outcome: string; code: string | null; details: object }>(
    `SELECT outcome, code, details FROM audit_event
     WHERE action = $1 AND account_id IS NOT DISTINCT FROM $2 ORDER BY occurred_at`,
    [action, accountId],
  );
}

describe("inviting", () => {
  test("writes a mail and answers a link that leads to the invitation", async () => {
    const { context, account } = await team();
    const email = newAddress();
    const sent = await inviteMember(context, { email: email.toUpperCase(), role: "developer" });
    expect(sent.link).toMatch(/\/invitations\/[\w-]{43}$/);
    expect(await findInvitation(tokenOf(sent.link))).toMatchObject({
      email,
      role: "developer",
      account: { slug: account.slug },
      provesAddress: false,
      hasUser: false,
    });
    const mails = await queryAsOwner(
      "SELECT data FROM email WHERE message = 'invitation' AND data->>'invitationId' = $1",
      [sent.id],
    );
    expect(mails).toEqual([{ data: { invitationId: sent.id } }]);
    expect(JSON.stringify(await eventsOf("invitations:create", account.id))).not.toContain(email);
  });

  test("6.4.1: of a link, the database holds the hash, and it ends after seven days", async () => {
    const { context } = await team();
    const { id, link } = await inviteMember(context, { email: newAddress(), role: "admin" });
    const rows = await queryAsOwner<{ hash: string; days: number }>(
      `SELECT encode(token_hash, 'hex') AS hash,
              round(extract(epoch FROM expires_at - created_at) / 86400)::int AS days
       FROM link_token WHERE subject_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ hash: expect.stringMatching(/^[0-9a-f]{64}$/), days: 7 }]);
    expect(
      await queryAsOwner("SELECT FROM link_token WHERE token_hash = $1", [Buffer.from(tokenOf(link))]),
    ).toEqual([]);
  });

  test("is refused for a member, and for an address that is invited", async () => {
    const { context, account } = await team();
    const member = await makeMember(account, "billing");
    expect(await codeOf(inviteMember(context, { email: member.email, role: "admin" }))).toBe(
      "already-member",
    );
    const email = newAddress();
    await inviteMember(context, { email, role: "admin" });
    expect(await codeOf(inviteMember(context, { email, role: "billing" }))).toBe("already-invited");
    // In another account it is another matter.
    const other = await team();
    expect(await codeOf(inviteMember(other.context, { email, role: "admin" }))).toBeNull();
  });

  test("one address twice at once is invited once", async () => {
    const { context } = await team();
    const email = newAddress();
    const attempt = () => inviteMember(context, { email, role: "admin" });
    expect(await both(attempt(), attempt())).toEqual([null, "already-invited"]);
  });

  test("an expired invitation gives way to a new one", async () => {
    const { context } = await team();
    const email = newAddress();
    const first = await inviteMember(context, { email, role: "admin" });
    await queryAsOwner("UPDATE invitation SET expires_at = now() WHERE id = $1", [first.id]);
    expect(await findInvitation(tokenOf(first.link))).toBeNull();
    await inviteMember(context, { email, role: "billing" });
    const { invitations } = await listInvitations(context, {});
    expect(invitations).toMatchObject([{ email, role: "billing", state: "pending" }]);
  });

  test("2.3.3: members and those invited share the quota, also of two at once", async () => {
    const { context, account } = await team();
    await queryAsOwner("UPDATE quota SET limit_value = 2 WHERE account_id = $1 AND resource = 'members'", [
      account.id,
    ]);
    const attempt = () => inviteMember(context, { email: newAddress(), role: "admin" });
    expect(await both(attempt(), attempt())).toEqual([null, "quota-exceeded"]);
    const used = (await readQuotas(context)).find(({ resource }) => resource === "members")?.used;
    expect(used).toBe(2n);
    // Expired, it takes no room, and needs some to be sent again.
    await queryAsOwner("UPDATE invitation SET expires_at = now() WHERE account_id = $1", [account.id]);
    expect(await codeOf(attempt())).toBeNull();
    const { invitations } = await listInvitations(context, {});
    const expired = invitations.find(({ state }) => state === "expired")?.id;
    expect(await codeOf(resendInvitation(context, { id: expired }))).toBe("quota-exceeded");
  });

  test("an account that waits for its approval may invite as many as approval will let it", async () => {
    const { context, account } = await team({ state: "pending" });
    await queryAsOwner("DELETE FROM quota WHERE account_id = $1", [account.id]);
    for (let count = 1; count < 5; count += 1)
      await inviteMember(context, { email: newAddress(), role: "admin" });
    expect(await codeOf(inviteMember(context, { email: newAddress(), role: "admin" }))).toBe(
      "quota-exceeded",
    );
  });

  test("no more than 50 are sent in an hour", async () => {
    const { context } = await team();
    const { id } = await inviteMember(context, { email: newAddress(), role: "admin" });
    const codes: (string | null)[] = [];
    for (let sent = 1; sent <= 50; sent += 1) codes.push(await codeOf(resendInvitation(context, { id })));
    expect(codes).toEqual([...Array(49).fill(null), "too-many-attempts"]);
  });

  test("7.5.1: an owner is invited by who has just proved again who they are", async () => {
    const { context } = await team();
    const authenticatedAt = new Date(Date.now() - 16 * 60_000);
    const stale = { ...context, session: { id: crypto.randomUUID(), authenticatedAt } };
    const email = newAddress();
    expect(await codeOf(inviteMember(stale, { email, role: "owner" }))).toBe("reauthentication-required");
    expect(await codeOf(inviteMember(stale, { email: newAddress(), role: "admin" }))).toBeNull();
    expect(await codeOf(inviteMember(context, { email, role: "owner" }))).toBeNull();
  });

  test("nor more than a hundred by one person, however many accounts they have", async () => {
    const { context, owner } = await team();
    await Promise.all(Array.from({ length: 100 }, () => countAttempt("invitations-user", owner.id)));
    expect(await codeOf(inviteMember(context, { email: newAddress(), role: "admin" }))).toBe(
      "too-many-attempts",
    );
  });

  test("8.2.2: another account's invitation is not there", async () => {
    const { context } = await team();
    const { id } = await inviteMember(context, { email: newAddress(), role: "admin" });
    const other = await team();
    expect(await codeOf(resendInvitation(other.context, { id }))).toBe("not-found");
    expect(await codeOf(cancelInvitation(other.context, { id }))).toBe("not-found");
    const operator = await contextOf((await makeUser({ providerRole: "operator" })).id, null);
    expect(await codeOf(cancelStaffInvitation(operator, { id }))).toBe("not-found");
    expect(await codeOf(resendStaffInvitation(operator, { id }))).toBe("not-found");
  });
});

describe("sending again and cancelling", () => {
  test("sending again kills the links sent before and renews the days", async () => {
    const { context } = await team();
    const sent = await inviteMember(context, { email: newAddress(), role: "admin" });
    const before = await mailed(sent.id);
    await queryAsOwner("UPDATE invitation SET expires_at = now() WHERE id = $1", [sent.id]);
    const again = await resendInvitation(context, { id: sent.id });
    expect(await findInvitation(before)).toBeNull();
    expect(await findInvitation(tokenOf(sent.link))).toBeNull();
    expect((await findInvitation(tokenOf(again.link)))?.expiresAt).toEqual(again.expiresAt);
    expect(again.expiresAt.getTime() - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect(
      await queryAsOwner("SELECT FROM email WHERE message = 'invitation' AND data->>'invitationId' = $1", [
        sent.id,
      ]),
    ).toHaveLength(2);
  });

  test("a cancelled one is over, and is cancelled or sent again no more", async () => {
    const { context } = await team();
    const { id, link } = await inviteMember(context, { email: newAddress(), role: "admin" });
    await cancelInvitation(context, { id });
    expect(await findInvitation(tokenOf(link))).toBeNull();
    expect(await codeOf(cancelInvitation(context, { id }))).toBe("already-decided");
    expect(await codeOf(resendInvitation(context, { id }))).toBe("already-decided");
    expect((await listInvitations(context, {})).invitations).toEqual([]);
  });

  test("a mail that is sent after it was cancelled leads nowhere", async () => {
    const { context } = await team();
    const { id } = await inviteMember(context, { email: newAddress(), role: "admin" });
    await cancelInvitation(context, { id });
    expect(await findInvitation(await mailed(id))).toBeNull();
  });

  test("an invitation counts for nothing once its sender may not invite any more", async () => {
    const { context, account, owner } = await team();
    const second = await makeMember(account, "owner");
    const sent = await inviteMember(context, { email: newAddress(), role: "owner" });
    await queryAsOwner("UPDATE member SET role = 'admin' WHERE user_id = $1", [owner.id]);
    expect(await findInvitation(tokenOf(sent.link))).toBeNull();
    const invited = await makeUser();
    await queryAsOwner("UPDATE invitation SET email = $2 WHERE id = $1", [sent.id, invited.email]);
    const visitor = await contextOf(invited.id, null);
    expect(await codeOf(acceptInvitation(visitor, { token: tokenOf(sent.link) }))).toBe("link-invalid");
    // Another owner stands in for it.
    const other = await contextOf(second.id, account.id);
    expect((await listInvitations(other, {})).invitations).toMatchObject([{ id: sent.id, state: "expired" }]);
    const again = await resendInvitation(other, { id: sent.id });
    expect(await codeOf(acceptInvitation(visitor, { token: tokenOf(again.link) }))).toBeNull();
  });
});

describe("answering", () => {
  test("who is signed in with the invited address joins, by either link, once", async () => {
    const { context, account, owner } = await team();
    const user = await makeUser();
    const { id, link } = await inviteMember(context, { email: user.email, role: "developer" });
    const other = await mailed(id);
    const visitor = await contextOf(user.id, null);
    await acceptInvitation(visitor, { token: tokenOf(link) });
    expect(await readAccess(user.id, account.id)).toMatchObject({ memberRole: "developer" });
    expect(await codeOf(acceptInvitation(visitor, { token: tokenOf(link) }))).toBe("link-invalid");
    expect(await codeOf(acceptInvitation(visitor, { token: other }))).toBe("link-invalid");
    expect(await told("member-joined", account.id)).toEqual([
      { user_id: owner.id, data: { name: "Maria Teste" } },
    ]);
    expect((await eventsOf("invitations:accept", account.id))[0]).toMatchObject({
      outcome: "succeeded",
      details: { userId: user.id, before: { role: null }, after: { role: "developer" } },
    });
  });

  test("nobody else does, and the link is left for who is invited", async () => {
    const { context, account } = await team();
    const user = await makeUser();
    const { id } = await inviteMember(context, { email: user.email, role: "developer" });
    const token = await mailed(id);
    const other = await contextOf((await makeUser()).id, null);
    expect(await codeOf(acceptInvitation(other, { token }))).toBe("invitation-for-another");
    expect(await codeOf(acceptInvitation(stranger(), { token }))).toBe("unauthenticated");
    expect(await eventsOf("invitations:accept", account.id)).toMatchObject([
      { outcome: "refused", code: "invitation-for-another" },
      { outcome: "refused", code: "unauthenticated" },
    ]);
    expect(await codeOf(acceptInvitation(await contextOf(user.id, null), { token }))).toBeNull();
  });

  test("a new person comes into being by the mailed link, signed in", async () => {
    const { context, account } = await team();
    const email = newAddress();
    const { id } = await inviteMember(context, { email, role: "admin" });
    const joined = await acceptAsNewUser(stranger(), { token: await mailed(id), name: "Ana Nova", password });
    expect(joined).toMatchObject({ secondFactorDue: false, token: expect.any(String), locale: "en" });
    expect(await readAccess(joined.userId, account.id)).toMatchObject({ memberRole: "admin" });
    expect(await queryAsOwner(`SELECT email, name FROM "user" WHERE id = $1`, [joined.userId])).toEqual([
      { email, name: "Ana Nova" },
    ]);
    expect(await queryAsOwner("SELECT FROM session WHERE user_id = $1", [joined.userId])).toHaveLength(1);
  });

  test("6.8.1: the link that was passed on makes no user of an address that nobody proved", async () => {
    const { context } = await team();
    const email = newAddress();
    const { link } = await inviteMember(context, { email, role: "admin" });
    const token = tokenOf(link);
    const own = { token, name: "Not Ana" };
    expect(await codeOf(acceptAsNewUser(stranger(), { ...own, password }))).toBe("link-invalid");
    // A provider that nobody trusts with the domain says what it likes.
    const identity = {
      provider: "p",
      issuer: "https://idp.test",
      subject: newAddress(),
      email,
      emailVerified: true,
      name: null,
    };
    expect(await codeOf(acceptWithIdentity(stranger(), { ...own, identity }))).toBe("link-invalid");
    expect(await queryAsOwner(`SELECT FROM "user" WHERE email = $1`, [email])).toEqual([]);
    expect(await findInvitation(token)).not.toBeNull();
  });

  test("a new person may sign in by another provider instead of a password", async () => {
    const { context } = await team();
    const { id } = await inviteMember(context, { email: newAddress(), role: "admin" });
    const subject = crypto.randomUUID();
    const identity = {
      provider: "p",
      issuer: "https://idp.test",
      subject,
      email: null,
      emailVerified: false,
      name: "Ana",
    };
    const { userId } = await acceptWithIdentity(stranger(), {
      token: await mailed(id),
      name: "Ana",
      identity,
    });
    expect(await queryAsOwner("SELECT issuer, subject FROM identity WHERE user_id = $1", [userId])).toEqual([
      { issuer: "https://idp.test", subject },
    ]);
  });

  test("6.2.11: the new password must not be made of the account's name", async () => {
    const { context, account } = await team();
    await queryAsOwner("UPDATE account SET name = 'Borboleta Azulada' WHERE id = $1", [account.id]);
    const { id } = await inviteMember(context, { email: newAddress(), role: "admin" });
    const token = await mailed(id);
    const attempt = acceptAsNewUser(stranger(), { token, name: "Ana", password: "borboletaazulada1" });
    expect(await codeOf(attempt)).toBe("invalid-input");
  });

  test("an address that has a user meanwhile makes no second one", async () => {
    const { context } = await team();
    const user = await makeUser();
    const { id } = await inviteMember(context, { email: user.email, role: "admin" });
    const token = await mailed(id);
    expect((await findInvitation(token))?.hasUser).toBe(true);
    expect(await codeOf(acceptAsNewUser(stranger(), { token, name: "Ana", password }))).toBe("email-taken");
    expect(await findInvitation(token)).not.toBeNull();
  });

  test("of two acceptances at once, by one link or by two, exactly one wins", async () => {
    for (const twoLinks of [false, true]) {
      const { context, account } = await team();
      const user = await makeUser();
      const { id, link } = await inviteMember(context, { email: user.email, role: "admin" });
      const visitor = await contextOf(user.id, null);
      const second = twoLinks ? await mailed(id) : tokenOf(link);
      const outcomes = await both(
        acceptInvitation(visitor, { token: tokenOf(link) }),
        acceptInvitation(visitor, { token: second }),
      );
      expect(outcomes).toEqual([null, "link-invalid"]);
      expect(await told("member-joined", account.id)).toHaveLength(1);
    }
  });

  test("who closes their user at this moment is a member of nothing afterwards", async () => {
    const { account, context } = await team();
    const user = await makeUser();
    const { link } = await inviteMember(context, { email: user.email, role: "owner" });
    const own = await contextOf(user.id, null);
    const { accepting } = await db.$transaction(async (tx) => {
      await forgetUser(tx, user.id);
      const accepting = codeOf(acceptInvitation(own, { token: tokenOf(link) }));
      await sleep(200);
      return { accepting };
    });
    expect(await accepting).toBe("unauthenticated");
    expect(
      await queryAsOwner("SELECT 1 FROM member WHERE account_id = $1 AND user_id = $2", [
        account.id,
        user.id,
      ]),
    ).toEqual([]);
  });

  test("of two new users of one address at once, exactly one comes into being", async () => {
    const { context } = await team();
    const email = newAddress();
    const { id } = await inviteMember(context, { email, role: "admin" });
    const tokens = [await mailed(id), await mailed(id)];
    const outcomes = await both(
      ...tokens.map((token) => acceptAsNewUser(stranger(), { token, name: "Ana", password })),
    );
    expect(outcomes).toEqual([null, "link-invalid"]);
    expect(await queryAsOwner(`SELECT FROM "user" WHERE email = $1`, [email])).toHaveLength(1);
  });

  test("accepting and cancelling at once: exactly one wins", async () => {
    const { context, account } = await team();
    const user = await makeUser();
    const { id, link } = await inviteMember(context, { email: user.email, role: "admin" });
    const outcomes = await both(
      acceptInvitation(await contextOf(user.id, null), { token: tokenOf(link) }),
      cancelInvitation(context, { id }),
    );
    expect(outcomes[0]).toBeNull();
    expect(outcomes[1]).toMatch(/link-invalid|already-decided/);
    const [row] = await queryAsOwner<{ state: string; members: number }>(
      `SELECT state, (SELECT count(*)::int FROM member WHERE account_id = $2 AND user_id = $3) AS members
       FROM invitation WHERE id = $1`,
      [id, account.id, user.id],
    );
    expect([
      { state: "accepted", members: 1 },
      { state: "cancelled", members: 0 },
    ]).toContainEqual(row);
  });

  test("declining ends it, and the owners hear of it", async () => {
    const { context, account, owner } = await team();
    const email = newAddress();
    const { id } = await inviteMember(context, { email, role: "admin" });
    const token = await mailed(id);
    await declineInvitation(stranger(), { token });
    expect(await findInvitation(token)).toBeNull();
    expect(await told("invitation-declined", account.id)).toEqual([{ user_id: owner.id, data: { email } }]);
    expect(await codeOf(inviteMember(context, { email, role: "admin" }))).toBeNull();
  });

  test("who was given the link asks for the mail, three times an hour at most", async () => {
    const { context } = await team();
    const { id, link } = await inviteMember(context, { email: newAddress(), role: "admin" });
    const attempt = () => codeOf(requestInvitationMail(stranger(), { token: tokenOf(link) }));
    expect([await attempt(), await attempt(), await attempt(), await attempt()]).toEqual([
      null,
      null,
      null,
      "too-many-attempts",
    ]);
    expect(
      await queryAsOwner("SELECT FROM email WHERE message = 'invitation' AND data->>'invitationId' = $1", [
        id,
      ]),
    ).toHaveLength(4);
  });

  test("who tries links that lead nowhere is stopped by network, and fills no log", async () => {
    const from = { ...stranger(), origin: { ...stranger().origin, address: "198.51.100.77" } };
    const guess = () => codeOf(declineInvitation(from, { token: crypto.randomUUID() }));
    const answers = [];
    for (let round = 0; round < 11; round += 1)
      answers.push(...(await Promise.all(Array.from({ length: 20 }, guess))));
    expect(answers.filter((code) => code === "link-invalid")).toHaveLength(200);
    expect(answers.filter((code) => code === "too-many-attempts")).toHaveLength(20);
    const [logged] = await queryAsOwner<{ count: number }>(
      `SELECT count(*)::int FROM audit_event e JOIN audit_personal p ON p.event_id = e.id
       WHERE p.values->>'address' = '198.51.100.77'`,
    );
    expect(logged?.count).toBe(201);
    // From elsewhere nobody is held up.
    expect(await codeOf(declineInvitation(stranger(), { token: "x" }))).toBe("link-invalid");
  });

  test("nobody joins an account that is being closed", async () => {
    const { context, account } = await team();
    const user = await makeUser();
    const { link } = await inviteMember(context, { email: user.email, role: "admin" });
    await queryAsOwner("UPDATE account SET state = 'closing' WHERE id = $1", [account.id]);
    const visitor = await contextOf(user.id, null);
    expect(await codeOf(acceptInvitation(visitor, { token: tokenOf(link) }))).toBe("link-invalid");
  });
});

describe("the provider's staff", () => {
  const operator = async () => contextOf((await makeUser({ providerRole: "operator" })).id, null);

  test("are invited by operators, as users or as somebody new", async () => {
    const context = await operator();
    const user = await makeUser();
    const sent = await inviteStaff(context, { email: user.email, providerRole: "support" });
    expect(await codeOf(inviteStaff(context, { email: user.email, providerRole: "operator" }))).toBe(
      "already-invited",
    );
    expect((await listStaffInvitations(context)).invitations.map(({ id }) => id)).toContain(sent.id);
    await acceptInvitation(await contextOf(user.id, null), { token: tokenOf(sent.link) });
    expect(await readAccess(user.id, null)).toMatchObject({
      providerRole: "support",
      secondFactorMissing: true,
    });
    expect(await codeOf(inviteStaff(context, { email: user.email, providerRole: "operator" }))).toBe(
      "already-member",
    );

    const another = await inviteStaff(context, { email: newAddress(), providerRole: "operator" });
    const token = await mailed(another.id);
    const joined = await acceptAsNewUser(stranger(), { token, name: "Op", password });
    expect(await readAccess(joined.userId, null)).toMatchObject({ providerRole: "operator" });
  });

  test("cancel and send again, and do not see accounts' invitations among theirs", async () => {
    const context = await operator();
    const own = await inviteStaff(context, { email: newAddress(), providerRole: "auditor" });
    const again = await resendStaffInvitation(context, { id: own.id });
    expect(await findInvitation(tokenOf(own.link))).toBeNull();
    expect(await findInvitation(tokenOf(again.link))).toMatchObject({
      account: null,
      providerRole: "auditor",
    });
    const { context: owner } = await team();
    const foreign = await inviteMember(owner, { email: newAddress(), role: "admin" });
    const ids = (await listStaffInvitations(context)).invitations.map(({ id }) => id);
    expect(ids).toContain(own.id);
    expect(ids).not.toContain(foreign.id);
    await cancelStaffInvitation(context, { id: own.id });
    expect(await findInvitation(tokenOf(again.link))).toBeNull();
  });

  test("an operator's invitation ends with their role", async () => {
    const inviter = await makeUser({ providerRole: "operator" });
    const sent = await inviteStaff(await contextOf(inviter.id, null), {
      email: newAddress(),
      providerRole: "operator",
    });
    await queryAsOwner(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [inviter.id]);
    const token = await mailed(sent.id);
    expect(await codeOf(acceptAsNewUser(stranger(), { token, name: "Op", password }))).toBe("link-invalid");
  });
});

test("what was over a month ago is removed, and nothing else", async () => {
  const { context } = await team();
  const made = async () => (await inviteMember(context, { email: newAddress(), role: "admin" })).id;
  const [pending, recent, old, expired] = [await made(), await made(), await made(), await made()];
  await cancelInvitation(context, { id: recent });
  await cancelInvitation(context, { id: old });
  await queryAsOwner("UPDATE invitation SET closed_at = now() - interval '31 days' WHERE id = $1", [old]);
  await queryAsOwner("UPDATE invitation SET expires_at = now() - interval '31 days' WHERE id = $1", [
    expired,
  ]);
  await purgeInvitations();
  const left = await queryAsOwner<{ id: string }>("SELECT id FROM invitation WHERE id = ANY($1)", [
    [pending, recent, old, expired],
  ]);
  expect(left.map(({ id }) => id).sort()).toEqual([pending, recent].sort());
});
