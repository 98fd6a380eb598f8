import type { Transaction } from "#app/ports/db.server.ts";
import { readOwnEvents } from "../audit/read-own-events.ts";
import { command } from "../command.ts";
import { type Context, userIdOf } from "../context.ts";
import { listFormDrafts } from "../identity/drafts/form-drafts.ts";
import { exportDataInput } from "./schema.ts";

/**
 * Everything that Balde holds on the caller as a person (LGPD, art. 18, II and V), as the text of a JSON file, piece by
 * piece: the audit log may be long. No hashes and no secrets, and nothing of what accounts store.
 */
export async function exportData(context: Context): Promise<AsyncIterable<string>> {
  const data = await collectData(context, {});
  async function* pieces() {
    // All but the brace that ends it.
    yield JSON.stringify(data, null, 2).slice(0, -2);
    yield ',\n  "auditEvents": [';
    let isFirst = true;
    for await (const events of readOwnEvents(context)) {
      for (const event of events) {
        yield `${isFirst ? "" : ","}\n    ${JSON.stringify(event)}`;
        isFirst = false;
      }
    }
    yield "\n  ]\n}\n";
  }
  return pieces();
}

/** A command, so that the log says who took a copy, and when. */
const collectData = command({
  action: "users:export-own",
  input: exportDataInput,

  async run({ tx, context }) {
    const userId = userIdOf(context);
    const profile = await readProfile(tx, userId);
    return {
      exportedAt: new Date(),
      profile,
      ...(await readSignIn(tx, userId)),
      ...(await readAccounts(tx, userId, profile.email)),
      notifications: await tx.notification.findMany({
        where: { userId },
        orderBy: { id: "asc" },
        select: { kind: true, accountId: true, data: true, createdAt: true, readAt: true },
      }),
      notificationPreferences: await tx.notificationPreference.findMany({
        where: { userId },
        select: { kind: true, channel: true, enabled: true },
      }),
      formDrafts: await listFormDrafts(tx, userId),
    };
  },

  audit: ({ context }) => ({ resourceType: "user", resourceId: userIdOf(context) }),
});

function readProfile(tx: Transaction, userId: string) {
  return tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      id: true,
      name: true,
      email: true,
      locale: true,
      timeZone: true,
      providerRole: true,
      createdAt: true,
      updatedAt: true,
    },
  });
}

async function readSignIn(tx: Transaction, userId: string) {
  return {
    hasPassword: (await tx.user.count({ where: { id: userId, passwordHash: { not: null } } })) > 0,
    secondFactor: await tx.secondFactor.findUnique({
      where: { userId },
      select: { createdAt: true, confirmedAt: true },
    }),
    recoveryCodes: await tx.recoveryCode.findMany({ where: { userId }, select: { usedAt: true } }),
    identities: await tx.identity.findMany({
      where: { userId },
      select: {
        provider: true,
        issuer: true,
        subject: true,
        label: true,
        createdAt: true,
        lastUsedAt: true,
      },
    }),
    emailChanges: await tx.emailChange.findMany({
      where: { userId },
      select: { oldEmail: true, newEmail: true, createdAt: true, confirmedAt: true },
    }),
    sessions: await tx.session.findMany({
      where: { userId },
      orderBy: { id: "asc" },
      select: {
        createdAt: true,
        lastSeenAt: true,
        authenticatedAt: true,
        expiresAt: true,
        address: true,
        userAgent: true,
      },
    }),
  };
}

async function readAccounts(tx: Transaction, userId: string, email: string) {
  const account = { select: { id: true, name: true } };
  return {
    memberships: await tx.member.findMany({
      where: { userId },
      select: { account, role: true, createdAt: true },
    }),
    invitations: await tx.invitation.findMany({
      where: { OR: [{ email }, { acceptedById: userId }] },
      select: {
        account,
        email: true,
        role: true,
        providerRole: true,
        state: true,
        createdAt: true,
        closedAt: true,
      },
    }),
    // Without the addresses that they went to: those are others'.
    sentInvitations: await tx.invitation.findMany({
      where: { invitedById: userId },
      select: { account, role: true, providerRole: true, state: true, createdAt: true, closedAt: true },
    }),
  };
}
