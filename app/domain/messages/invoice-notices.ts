import type { WrittenEmail } from "../mail/deliver-email.ts";
import type { NotificationMail } from "../mail/outgoing.ts";
import { compose, findMemberToTell, link, numberIn, textIn } from "./compose.ts";

type InvoiceNotice = "invoice-issued" | "invoice-due" | "invoice-overdue" | "invoice-paid";

/** An invoice was issued, is due, overdue or paid. It never changes once issued: what it says stands in the data. */
export async function writeInvoiceNotice(
  message: InvoiceNotice,
  mail: NotificationMail,
): Promise<WrittenEmail | null> {
  const found = await findMemberToTell(mail);
  if (!found) return null;
  const number = textIn(mail, "number");
  return compose(found.reader, message, {
    ...found.shared,
    number,
    amount: { amountCents: numberIn(mail, "amountCents"), currency: textIn(mail, "currency") },
    dueOn: textIn(mail, "dueOn"),
    url: link("accounts", found.account.slug, "invoices", number),
  });
}
