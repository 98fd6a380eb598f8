import { S3Error } from "../../errors.ts";
import { type S3Request, uriEncode } from "../../request.ts";

/** The most entries that a page holds, as at Amazon. */
const MAX_ENTRIES = 1000;

/** What the listings of keys, of versions and of uploads have in common. */
export type ListingParameters = {
  prefix: string;
  delimiter: string;
  encodingType: string | undefined;
  /** Writes a key, prefix or marker as the client asked for it. */
  encode: (text: string) => string;
};

/** @throws S3Error InvalidArgument */
export function readListingParameters({ query }: S3Request): ListingParameters {
  const encodingType = query.get("encoding-type");
  if (encodingType !== undefined && encodingType !== "url") {
    throw new S3Error("InvalidArgument", "Invalid Encoding Method specified in Request");
  }
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    encodingType,
    encode: (text) => (encodingType ? uriEncode(text).replaceAll("%2F", "/") : text),
  };
}

/**
 * How many entries a page may hold: 1,000 where the client asks for none or for more.
 *
 * @param name of the parameter, such as `max-keys`
 * @throws S3Error InvalidArgument
 */
export function readPageSize({ query }: S3Request, name: string): number {
  const given = query.get(name);
  if (given === undefined || given === "") return MAX_ENTRIES;
  if (!/^\d{1,10}$/.test(given) || Number(given) > 2 ** 31 - 1) {
    throw new S3Error("InvalidArgument", `Provided ${name} not an integer or within integer range`);
  }
  return Math.min(Number(given), MAX_ENTRIES);
}
