import type { ListedKind } from "./kinds.ts";

interface Subject {
  /** Slug of the account that it is about; null where it is about none, or where the reader has no part in it. */
  account: string | null;
  /** As `notify` was given it. */
  data: Record<string, string | number>;
}

type PathOf = (subject: Subject) => string | null;

const security = () => "/me/security";
const identities = () => "/me/security/identities";
/** A page of the account, `/access-keys/:keyId` with values of the data in it; by default its first one. */
const inAccount =
  (page = ""): PathOf =>
  ({ account, data }) =>
    account &&
    `/accounts/${account}${page.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(data[name] ?? ""))}`;

const paths: Record<ListedKind, PathOf> = {
  "password-changed": security,
  "second-factor-enabled": security,
  "second-factor-disabled": security,
  "second-factor-reset": security,
  "recovery-codes-renewed": security,
  "recovery-code-used": security,
  "identity-linked": identities,
  "identity-unlinked": identities,
  "sign-in-attack": security,

  "account-approved": inAccount(),
  "account-rejected": inAccount(),
  "account-suspended": inAccount(),
  "account-resumed": inAccount(),

  "member-joined": inAccount("/members"),
  "member-left": inAccount("/members"),
  "member-removed": () => null,
  "role-changed": inAccount(),
  "ownership-transferred": inAccount(),
  "invitation-declined": inAccount("/members"),

  "storage-changed-elsewhere": inAccount("/reconciliation"),
  "access-key-expiring": inAccount("/access-keys/:keyId"),
  "access-key-rotation-started": inAccount("/access-keys/:keyId/rotation"),
  "access-key-rotation-ending": inAccount("/access-keys/:keyId/rotation"),
  "access-key-rotation-finished": inAccount("/access-keys/:keyId"),
  "access-key-rotation-undone": inAccount("/access-keys/:keyId"),
  "bucket-emptied": inAccount("/buckets/:bucketId/emptying"),
  "quota-warning": inAccount("/usage"),
  "quota-decided": inAccount("/usage"),

  "invoice-issued": inAccount("/invoices/:number"),
  "invoice-due": inAccount("/invoices/:number"),
  "invoice-overdue": inAccount("/invoices/:number"),
  "invoice-paid": inAccount("/invoices/:number"),

  "account-submitted": ({ account }) => account && `/admin/accounts/${account}`,
};

/** The page of what a notification is about; null where the reader has nothing to see there, or not any more. */
export function subjectPath(kind: ListedKind, subject: Subject): string | null {
  return paths[kind](subject);
}
