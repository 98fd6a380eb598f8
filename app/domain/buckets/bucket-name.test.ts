import { expect, test } from "vitest";
import { bucketNameProblem } from "./bucket-name.ts";

test.each([
  "abc",
  "a1b",
  "123",
  "my-bucket",
  "my.bucket.example.com",
  "a--b",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.4a",
  "1.2.3.4567",
  "xn-bucket",
  "sthree",
  "administrator",
  "my-s3alias-backup",
  "x".repeat(63),
])("%s is a good name", (name) => {
  expect(bucketNameProblem(name)).toBeNull();
});

test.each([
  ["", "bucketNameLength"],
  ["ab", "bucketNameLength"],
  ["x".repeat(64), "bucketNameLength"],
  ["My-Bucket", "bucketNameCharacters"],
  ["my_bucket", "bucketNameCharacters"],
  ["my bucket", "bucketNameCharacters"],
  ["são-joão", "bucketNameCharacters"],
  ["a/../b", "bucketNameCharacters"],
  ["abc\n", "bucketNameCharacters"],
  ["-abc", "bucketNameEnds"],
  ["abc-", "bucketNameEnds"],
  [".abc", "bucketNameEnds"],
  ["abc.", "bucketNameEnds"],
  ["a..b", "bucketNameDots"],
  ["a.-b", "bucketNameDots"],
  ["a-.b", "bucketNameDots"],
  ["192.168.5.4", "bucketNameLikeAddress"],
  ["999.999.999.999", "bucketNameLikeAddress"],
  ["xn--bucket", "bucketNameReserved"],
  ["sthree-bucket", "bucketNameReserved"],
  ["amzn-s3-demo-bucket", "bucketNameReserved"],
  ["bucket-s3alias", "bucketNameReserved"],
  ["bucket--ol-s3", "bucketNameReserved"],
  ["bucket.mrap", "bucketNameReserved"],
  ["bucket--x-s3", "bucketNameReserved"],
  ["bucket--table-s3", "bucketNameReserved"],
  ["admin", "bucketNameReserved"],
  ["swift", "bucketNameReserved"],
  ["auth", "bucketNameReserved"],
])("%j is refused as %s", (name, problem) => {
  expect(bucketNameProblem(name)).toBe(problem);
});
