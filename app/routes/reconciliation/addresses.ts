/**
 * Where the pages about a finding lead: they stand in the console and in the operators' area, each under its own
 * addresses.
 *
 * @param url of the finding's page, or of a page below it.
 */
export function findingAddresses(url: URL) {
  const [, list = "", finding = ""] = /^(.*\/reconciliation)\/([^/]+)/.exec(url.pathname) ?? [];
  return { list, finding: `${list}/${finding}` };
}
