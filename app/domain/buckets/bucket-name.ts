/** What is wrong with a name; each is a key of `validation.json`. */
export type BucketNameProblem =
  | "bucketNameLength"
  | "bucketNameCharacters"
  | "bucketNameEnds"
  | "bucketNameDots"
  | "bucketNameLikeAddress"
  | "bucketNameReserved";

/** AWS keeps these for itself, and tools that know them would treat such a bucket as something else. */
const barredPrefixes = ["xn--", "sthree-", "amzn-s3-demo-"];
const barredSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
/** In path style these are the engine's own interfaces: Admin Ops, and the gateway's Swift. */
const engineAddresses = ["admin", "swift", "auth"];

/**
 * The first rule that a bucket name breaks, or null for a good name (Amazon S3, "General purpose bucket
 * naming rules", and the addresses that the gateway keeps).
 */
export function bucketNameProblem(name: string): BucketNameProblem | null {
  if (name.length < 3 || name.length > 63) return "bucketNameLength";
  if (!/^[a-z0-9.-]+$/.test(name)) return "bucketNameCharacters";
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return "bucketNameEnds";
  if (/\.\.|\.-|-\./.test(name)) return "bucketNameDots";
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return "bucketNameLikeAddress";
  const isBarred =
    barredPrefixes.some((prefix) => name.startsWith(prefix)) ||
    barredSuffixes.some((suffix) => name.endsWith(suffix)) ||
    engineAddresses.includes(name);
  return isBarred ? "bucketNameReserved" : null;
}
