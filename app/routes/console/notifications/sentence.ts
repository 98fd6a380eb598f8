import type { TFunction } from "i18next";
import type { NotificationListed } from "#app/domain/notifications/read-notifications.ts";
import { formatCount, formatPercent, formatTime } from "#app/ui/format.ts";

interface Reader {
  t: TFunction;
  locale: string;
  /** IANA name. */
  timeZone: string;
}

/**
 * What a notification says. Made on the server: browsers are spared the words of all kinds, and their own way to write
 * a date or an amount.
 */
export function sentenceOf(
  { kind, data }: Pick<NotificationListed, "kind" | "data">,
  reader: Reader,
): string {
  const { t } = reader;
  const words = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, inWords[name]?.(value, reader) ?? value]),
  );
  const amount = amountOf(data, reader);
  return t(`notices.${kind}.text`, { ...words, amount, count: Number(data.left ?? 0) });
}

/** Values of a notification's data that people read otherwise than they are kept. */
const inWords: Record<string, (value: string | number, reader: Reader) => string> = {
  role: (value, { t }) => t(`accounts.roles.${value}` as "accounts.roles.owner"),
  resource: (value, { t }) => t(`usage.quotas.${value}` as "usage.quotas.buckets"),
  decision: (value, { t }) => t(`notifications.decisions.${value}` as "notifications.decisions.approved"),
  outcome: (value, { t }) => t(`emptying.outcomes.${value}` as "emptying.outcomes.finished"),
  removed: (value, { locale }) => formatCount(Number(value), locale),
  percent: (value, { locale }) => formatPercent(Number(value) / 100, locale),
  expiresAt: (value, { locale, timeZone }) => formatTime(String(value), locale, timeZone, "date"),
  until: (value, { locale, timeZone }) => formatTime(String(value), locale, timeZone),
  // A day of the calendar, in no zone.
  dueOn: (value, { locale }) => formatTime(`${value}T00:00:00Z`, locale, "UTC", "date"),
};

function amountOf({ amountCents, currency }: NotificationListed["data"], { locale }: Reader): string {
  if (amountCents === undefined || currency === undefined) return "";
  const format = new Intl.NumberFormat(locale, { style: "currency", currency: String(currency) });
  return format.format(Number(amountCents) / 100);
}
