import { CreateBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import pg from "pg";
import { printTable, timed, timingsOf } from "../figures.ts";
import type { Engine } from "./engines.ts";

const SIZES = [10_000, 1_000_000];
const PAGES = 60;

/** What it costs to list 1,000 keys in the middle of a small and of a large bucket. The limit is 1.3. */
export async function compareListings({ s3, databaseUrl }: Engine): Promise<void> {
  const buckets = SIZES.map((size) => ({ size, name: `listed-${size}` }));
  for (const { name, size } of buckets) {
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await fill(databaseUrl ?? "", name, size);
  }
  const milliseconds: number[][] = buckets.map(() => []);
  for (let page = 0; page < PAGES; page++) {
    for (const [index, { name, size }] of buckets.entries()) {
      const StartAfter = keyOf(Math.floor((size - 2_000) * (page / PAGES)));
      const list = () => s3.send(new ListObjectsV2Command({ Bucket: name, StartAfter }));
      milliseconds[index]?.push(await timed(list));
    }
  }
  const medians = milliseconds.map((runs) => timingsOf(runs).median);
  console.log("\nListing 1,000 keys; ms\n");
  printTable(
    ["keys in the bucket", "median", "ratio (≤ 1.3)"],
    buckets.map(({ size }, index) => {
      const median = medians[index] ?? 0;
      return [String(size), median, median / (medians[0] ?? 0)];
    }),
  );
}

const keyOf = (number: number) => `objects/${String(number).padStart(8, "0")}`;

/** Rows as so many uploads of empty objects would have left them. */
async function fill(databaseUrl: string, bucket: string, size: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `insert into s3.object_versions (bucket_id, key, size_bytes, etag, modified_at)
     select b.id, 'objects/' || lpad(number::text, 8, '0'), 0, md5(''), now()
     from s3.buckets b, generate_series(0, $2 - 1) as number where b.name = $1`,
    [bucket, size],
  );
  await client.query("vacuum analyze s3.object_versions");
  await client.end();
}
