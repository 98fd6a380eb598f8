import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import type { Context } from "#app/domain/context.ts";
import type { FindingAddresses } from "#app/ui/reconciliation/finding-breadcrumbs.ts";

/**
 * Where the pages about an account's findings lead: they stand in the console and in the operators' area, each under
 * its own addresses.
 *
 * @param url of the list, of a finding's page, or of a page below that.
 */
export async function findingAddresses(context: Context, url: URL): Promise<FindingAddresses> {
  // The last of that name: an account may be called so.
  const [, account = ""] = /^(.*)\/reconciliation(?:\/|$)/.exec(url.pathname) ?? [];
  const isOperators = account.startsWith("/admin/");
  return {
    account: isOperators ? { name: (await getAccount(context)).name, to: account } : null,
    list: `${account}/reconciliation`,
    finding: findingAddress(url),
  };
}

/** A finding's own page; of the list's address the list. */
export function findingAddress(url: URL): string {
  return /^.*\/reconciliation(\/[^/]+)?/.exec(url.pathname)?.[0] ?? url.pathname;
}
