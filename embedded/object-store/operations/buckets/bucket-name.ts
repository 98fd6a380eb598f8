/**
 * Whether a bucket may have this name: Amazon's rules for general purpose buckets, and not `admin`, whose path is
 * the administration's.
 *
 * Source: "General purpose bucket naming rules", Amazon S3 user guide.
 */
export function isValidBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !/\.\.|\.-|-\./.test(name) &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name) &&
    name !== "admin"
  );
}
