import { type EmailMessage, type EmailValues, emailMessages } from "./messages.ts";

const site = "https://console.example.com";
const account = `${site}/accounts/padaria-tres-irmaos`;
const token = "3q2-7wAAAAC9K1d0b2tlbi1vZi0yNTYtYml0cy1pbi1iYXNlNjQ";

/** One made-up value for each name that messages use. */
const common: Record<string, unknown> = {
  recipientName: "Conceição Araújo",
  accountName: "Padaria Três Irmãos",
  url: account,
  at: new Date("2026-11-22T22:03:00Z"),
  address: "203.0.113.7",
  device: "Firefox, Linux",
  inviterName: "Antônio Sampaio",
  submittedByName: "Antônio Sampaio",
  memberName: "Antônio Sampaio",
  invitedEmail: "antonio.sampaio@example.com",
  identityProvider: "Google",
  left: 3,
  keyName: "backup noturno",
  expiresAt: new Date("2026-11-30T02:59:59Z"),
  until: new Date("2026-11-30T02:59:59Z"),
  resource: "storage_bytes",
  percent: 85,
  decision: "approved",
  bucketName: "fotos-2025",
  outcome: "finished",
  removed: 128_430,
  number: "2026-000123",
  amount: { amountCents: 123_456, currency: "BRL" },
  dueOn: "2026-12-10",
  linkValidHours: 24,
};

const invoice = { url: `${account}/invoices/2026-000123` };
const security = { url: `${site}/me/security` };
const key = { url: `${account}/access-keys/0198c2f4-7d1e-7c3a-9b1f-2f6f0c8d5e11` };
const rotation = { url: `${key.url}/rotation` };

/** What a message has otherwise, so that its preview leads where it would. */
const own: Partial<Record<EmailMessage, Record<string, unknown>>> = {
  "verify-email": { url: `${site}/verify-email/${token}` },
  "sign-up-attempt": { url: `${site}/login` },
  welcome: { url: `${site}/accounts` },
  "password-reset": { url: `${site}/reset-password/${token}`, linkValidHours: 1 },
  "email-change": { url: `${site}/confirm-email/${token}` },
  invitation: { url: `${site}/invitations/${token}`, role: "developer" },
  "invitation-to-staff": { url: `${site}/invitations/${token}`, role: "support" },
  "password-changed": security,
  "second-factor-enabled": security,
  "second-factor-disabled": security,
  "second-factor-reset": { ...security, address: null, device: null },
  "recovery-codes-renewed": security,
  "recovery-code-used": security,
  "identity-linked": security,
  "identity-unlinked": security,
  "sign-in-attack": { ...security, address: null, device: null },
  "account-submitted": { url: `${site}/admin/accounts/padaria-tres-irmaos` },
  "account-rejected": {
    reason:
      "O CNPJ informado está baixado na Receita Federal.\n\nSe houve engano, envie o comprovante de inscrição.",
  },
  "member-joined": { url: `${account}/members` },
  "member-left": { url: `${account}/members` },
  "member-removed": { url: `${site}/accounts` },
  "role-changed": { role: "admin" },
  "ownership-transferred": { url: account },
  "invitation-declined": { url: `${account}/members` },
  "invitation-to-staff-declined": { url: `${site}/admin/users/invitations` },
  "storage-changed-elsewhere": { url: `${account}/reconciliation` },
  "access-key-expiring": key,
  "access-key-rotation-started": rotation,
  "access-key-rotation-ending": rotation,
  "access-key-rotation-finished": key,
  "access-key-rotation-undone": key,
  "bucket-emptied": { url: `${account}/buckets/0198c2f4-7d1e-7c3a-9b1f-2f6f0c8d5e11/emptying` },
  "quota-warning": { url: `${account}/usage` },
  "quota-decided": { url: `${account}/quotas` },
  "invoice-issued": invoice,
  "invoice-due": invoice,
  "invoice-overdue": invoice,
  "invoice-paid": invoice,
};

/** Made-up values for each message, as its preview and its tests show it. A missing one fails when it is rendered. */
export const emailSamples = Object.fromEntries(
  (Object.keys(emailMessages) as EmailMessage[]).map((message) => [
    message,
    Object.fromEntries(
      Object.keys(emailMessages[message]).map((name) => [name, { ...common, ...own[message] }[name]]),
    ),
  ]),
) as { [M in EmailMessage]: EmailValues<M> };
