import { isIP } from "node:net";

/**
 * The network that an address belongs to: /24 of IPv4, /64 of IPv6, as much as one customer of a provider usually
 * holds. Answers the address itself, or `unknown`, where it is none.
 */
export function networkOf(address: string | null): string {
  const bare = address?.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "") ?? "unknown";
  if (isIP(bare) === 4) return `${bare.split(".").slice(0, 3).join(".")}.0/24`;
  if (isIP(bare) === 6) return `${groupsOf(bare).slice(0, 4).join(":")}::/64`;
  return bare;
}

/** The eight groups of an IPv6 address, each without leading zeros (RFC 4291 §2.2). */
function groupsOf(address: string): string[] {
  // The URL parser writes a trailing IPv4 part as two groups and drops leading zeros.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const before = head ? head.split(":") : [];
  if (tail === undefined) return before;
  const after = tail ? tail.split(":") : [];
  return [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
}
