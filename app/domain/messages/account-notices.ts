import type { AccountState } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import type { WrittenEmail } from "../mail/deliver-email.ts";
import type { NotificationMail } from "../mail/outgoing.ts";
import { compose, findMemberToTell, findUserToTell, link } from "./compose.ts";

type AccountNotice = "account-approved" | "account-rejected" | "account-suspended" | "account-resumed";

/** The states in which a notice is still true: the account may have gone on before the mail did. */
const trueIn: Record<AccountNotice, readonly AccountState[]> = {
  "account-approved": ["approved", "active"],
  "account-rejected": ["rejected"],
  "account-suspended": ["suspended"],
  "account-resumed": ["active"],
};

/** What the provider decided about an account. */
export async function writeAccountNotice(
  message: AccountNotice,
  mail: NotificationMail,
): Promise<WrittenEmail | null> {
  const found = await findMemberToTell(mail);
  if (!found?.account || !trueIn[message].includes(found.account.state)) return null;
  const { reader, account } = found;
  const shared = { ...found.shared, url: link("accounts", account.slug) };
  if (message !== "account-rejected") return compose(reader, message, shared);
  // Corrected and submitted again before the mail went out.
  if (!account.rejectionReason) return null;
  return compose(reader, message, { ...shared, reason: account.rejectionReason });
}

/** An account waits for a decision: to an operator. */
export async function writeSubmission({ userId, accountId }: NotificationMail): Promise<WrittenEmail | null> {
  const [operator, staff, account] = await Promise.all([
    findUserToTell(userId),
    db.user.count({ where: { id: userId, providerRole: "operator" } }),
    db.account.findUnique({
      where: { id: accountId ?? "", state: "pending" },
      select: {
        name: true,
        slug: true,
        members: { where: { role: "owner" }, take: 1, select: { user: { select: { name: true } } } },
      },
    }),
  ]);
  if (!operator || staff === 0 || !account) return null;
  return compose(operator, "account-submitted", {
    submittedByName: account.members[0]?.user.name ?? account.name,
    accountName: account.name,
    url: link("admin", "accounts", account.slug),
  });
}
