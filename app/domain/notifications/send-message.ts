import { renderEmail } from "#app/emails/render.ts";
import { defaultLocale, isLocale, type Locale } from "#app/locales/index.ts";
import { db } from "#app/ports/db.server.ts";
import { env } from "#app/ports/env.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { MailError, sendEmail } from "#app/ports/mailer.server.ts";
import type { JobData } from "#app/ports/queues.ts";
import { mintSignUpToken, signUpLinkHours } from "../identity/mint-sign-up-token.ts";

type Message = JobData["send-email"];
type Rendered = { to: string; locale: Locale } & ReturnType<typeof renderEmail>;

const providerName = "Balde";

/**
 * Writes a message and sends it. The job's id becomes the Message-ID, so that a mail sent twice by a
 * crash is one to the reader's program. Throws while the mail server may still take it.
 */
export async function sendMessage(message: Message, jobId: string): Promise<void> {
  const email = await write(message);
  // What the message was about is gone, or was decided otherwise since.
  if (!email) return;
  try {
    await sendEmail({ ...email, messageId: jobId });
  } catch (error) {
    if (!(error instanceof MailError) || error.transient) throw error;
    log.warn({ jobId, message: message.message, err: error }, "mail refused for good");
  }
}

function write(message: Message): Promise<Rendered | null> {
  switch (message.message) {
    case "verify-email":
      return writeVerification(message.signUpId);
    case "sign-up-attempt":
      return writeSignUpAttempt(message.userId);
    case "account-submitted":
      return writeSubmission(message.accountId, message.userId);
    case "account-approved":
    case "account-rejected":
      return writeDecision(message.message, message.accountId, message.userId);
    case "storage-changed-elsewhere":
      return writeFindings(message.accountId, message.userId);
  }
}

async function writeVerification(signUpId: string): Promise<Rendered | null> {
  const signUp = await mintSignUpToken(signUpId);
  if (!signUp) return null;
  const locale = localeOf(signUp.locale);
  const values = {
    providerName,
    verificationUrl: link(`/verify-email/${signUp.token}`),
    linkValidHours: signUpLinkHours,
  };
  return { to: signUp.email, locale, ...renderEmail({ message: "verify-email", locale, values }) };
}

async function writeSignUpAttempt(userId: string): Promise<Rendered | null> {
  const user = await db.user.findUnique({ where: { id: userId } });
  if (!user) return null;
  const locale = localeOf(user.locale);
  const values = { providerName, signInUrl: link("/login") };
  return { to: user.email, locale, ...renderEmail({ message: "sign-up-attempt", locale, values }) };
}

async function writeSubmission(accountId: string, operatorId: string): Promise<Rendered | null> {
  const [operator, account] = await Promise.all([
    db.user.findUnique({ where: { id: operatorId, disabledAt: null } }),
    db.account.findUnique({
      where: { id: accountId, state: "pending" },
      include: {
        members: { where: { role: "owner" }, take: 1, select: { user: { select: { name: true } } } },
      },
    }),
  ]);
  if (!operator || !account) return null;
  const locale = localeOf(operator.locale);
  const values = {
    providerName,
    submittedByName: account.members[0]?.user.name ?? account.name,
    accountName: account.name,
    reviewUrl: link(`/admin/accounts/${account.slug}`),
  };
  return { to: operator.email, locale, ...renderEmail({ message: "account-submitted", locale, values }) };
}

async function writeDecision(
  message: "account-approved" | "account-rejected",
  accountId: string,
  userId: string,
): Promise<Rendered | null> {
  const [user, account] = await Promise.all([
    db.user.findUnique({ where: { id: userId } }),
    db.account.findUnique({ where: { id: accountId } }),
  ]);
  if (!user || !account) return null;
  const locale = localeOf(user.locale);
  const shared = {
    providerName,
    recipientName: user.name,
    accountName: account.name,
    accountUrl: link(`/accounts/${account.slug}`),
  };
  if (message === "account-approved") {
    return { to: user.email, locale, ...renderEmail({ message, locale, values: shared }) };
  }
  // Corrected and submitted again before the mail went out.
  if (!account.rejectionReason) return null;
  const values = { ...shared, reason: account.rejectionReason };
  return { to: user.email, locale, ...renderEmail({ message, locale, values }) };
}

async function writeFindings(accountId: string, userId: string): Promise<Rendered | null> {
  const [user, account, open] = await Promise.all([
    db.user.findUnique({ where: { id: userId, disabledAt: null } }),
    db.account.findUnique({ where: { id: accountId } }),
    db.finding.count({ where: { accountId, state: "open" } }),
  ]);
  // Decided, or in order again, before the mail went out.
  if (!user || !account || open === 0) return null;
  const locale = localeOf(user.locale);
  const values = {
    providerName,
    recipientName: user.name,
    accountName: account.name,
    findingsUrl: link(`/accounts/${account.slug}/reconciliation`),
  };
  return {
    to: user.email,
    locale,
    ...renderEmail({ message: "storage-changed-elsewhere", locale, values }),
  };
}

function link(path: string): string {
  return new URL(path, env.PUBLIC_URL).href;
}

function localeOf(locale: string): Locale {
  return isLocale(locale) ? locale : defaultLocale;
}
