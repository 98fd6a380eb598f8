import { db } from "#app/ports/db.server.ts";
import type { WrittenEmail } from "../mail/deliver-email.ts";
import type { NotificationMail } from "../mail/outgoing.ts";
import { aboutAccount, compose, findMemberToTell, findUserToTell, link, textIn } from "./compose.ts";

type TeamNotice =
  | "member-joined"
  | "member-left"
  | "member-removed"
  | "role-changed"
  | "ownership-transferred"
  | "invitation-declined";

/** Who came to an account, who went, and who may do what in it now. */
export async function writeTeamNotice(
  message: TeamNotice,
  mail: NotificationMail,
): Promise<WrittenEmail | null> {
  if (message === "member-removed") return writeRemoval(mail);
  if (message === "invitation-declined" && mail.accountId === null) return writeStaffRefusal(mail);
  const found = await findMemberToTell(mail);
  if (!found) return null;
  const { reader, shared } = found;
  const account = link("accounts", found.account.slug);
  const members = link("accounts", found.account.slug, "members");
  switch (message) {
    case "member-joined":
    case "member-left":
      return compose(reader, message, { ...shared, memberName: textIn(mail, "name"), url: members });
    case "ownership-transferred":
      return compose(reader, message, { ...shared, memberName: textIn(mail, "name"), url: account });
    case "role-changed":
      return compose(reader, message, { ...shared, role: textIn(mail, "role"), url: account });
    case "invitation-declined":
      return compose(reader, message, { ...shared, invitedEmail: textIn(mail, "email"), url: members });
  }
}

/** To whom it concerns, who is no member any more. */
async function writeRemoval({ userId, accountId }: NotificationMail): Promise<WrittenEmail | null> {
  const [reader, account, stillMember] = await Promise.all([
    findUserToTell(userId),
    db.account.findUnique({ where: { id: accountId ?? "" }, select: { name: true } }),
    db.member.count({ where: { userId, accountId: accountId ?? "" } }),
  ]);
  // Invited again, and back, before the mail went out.
  if (!reader || !account || stillMember > 0) return null;
  return compose(reader, "member-removed", {
    ...aboutAccount(reader.name, account.name),
    url: link("accounts"),
  });
}

/** To the operator who invited somebody to the provider's staff; not once they are none any more. */
async function writeStaffRefusal(mail: NotificationMail): Promise<WrittenEmail | null> {
  const [reader, operators] = await Promise.all([
    findUserToTell(mail.userId),
    db.user.count({ where: { id: mail.userId, providerRole: "operator" } }),
  ]);
  if (!reader || operators === 0) return null;
  return compose(reader, "invitation-to-staff-declined", {
    recipientName: reader.name,
    invitedEmail: textIn(mail, "email"),
    url: link("admin", "users", "invitations"),
  });
}
