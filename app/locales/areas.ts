/** The areas of words that any page may ask for: those of its frame, of forms and of errors. */
const everywhere = ["accounts", "auth", "common", "errors", "notifications"];

const account = "^/accounts/[^/]+";
const bucket = `${account}/buckets/[^/]+`;

/** What pages ask for besides, by their address; of all lines that match. A test holds it to what their code asks for. */
const besides: [address: RegExp, areas: string[]][] = [
  // Coming in: whatever is none of the others.
  [/^\/(?!(accounts|admin|me|notifications)(\/|$))./, ["identities", "members", "passwords", "secondFactor"]],
  [/^\/(invitations|recovery)\//, ["admin", "users"]],
  [/^\/(me|reauthentication|confirm-email)(\/|$)/, ["identities", "passwords", "profile", "secondFactor"]],
  [/^\/(me|notifications)(\/|$)/, ["usage"]],

  [new RegExp(`${account}/?$`), ["members", "reconciliation", "usage"]],
  [new RegExp(`${account}/buckets(/|$)`), ["buckets"]],
  [new RegExp(`${bucket}/?$`), ["accessKeys", "bucketSettings", "emptying", "usage"]],
  [new RegExp(`${bucket}/(settings|versioning|cors|tags|quota|direct-uploads)`), ["bucketSettings", "usage"]],
  [new RegExp(`${bucket}/(lifecycle|hidden-bytes|surveys)`), ["bucketSettings", "lifecycle", "surveys"]],
  [new RegExp(`${bucket}/(deletion|emptying)`), ["emptying", "usage"]],
  [new RegExp(`${bucket}/(object|objects|upload)(/|$)`), ["objects", "uploads"]],
  [new RegExp(`${account}/access-keys`), ["accessKeys", "keySettings", "rotations"]],
  [new RegExp(`${account}/reconciliation`), ["accessKeys", "admin", "buckets", "reconciliation"]],
  [new RegExp(`${account}/(usage|storage)`), ["surveys", "usage"]],
  [new RegExp(`${account}/(members|invitations|leaving)`), ["members", "secondFactor"]],
  [new RegExp(`${account}/settings`), ["accessKeys", "keySettings", "objects", "secondFactor"]],

  // The provider's staff.
  [/^\/admin(\/|$)/, ["admin"]],
  [/^\/admin\/?$/, ["reconciliation", "usage", "users"]],
  [/^\/admin\/accounts\//, ["accessKeys", "buckets", "reconciliation", "usage"]],
  [/^\/admin\/reconciliation/, ["reconciliation"]],
  [/^\/admin\/mail/, ["mail"]],
  [/^\/admin\/users/, ["members", "profile", "secondFactor", "users"]],
  [/^\/admin\/usage/, ["usage"]],
  [/^\/admin\/settings/, ["accessKeys", "keySettings"]],
];

/** The areas of words, each a file of `en/` and `pt-BR/`, that the page at a path may ask for. */
export function areasOf(path: string): string[] {
  const others = besides.filter(([address]) => address.test(path)).flatMap(([, areas]) => areas);
  return [...new Set([...everywhere, ...others])];
}
