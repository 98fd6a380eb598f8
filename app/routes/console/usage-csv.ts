import { readUsageByHour } from "#app/domain/usage/read-usage-by-time.ts";
import { monthOfQuery } from "#app/domain/usage/read-usage-page.ts";
import { csvDownload } from "#app/http/csv.server.ts";
import { load } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/usage-csv";

const columns = [
  "hour_utc",
  "bucket",
  "stored_bytes",
  "objects",
  "requests_read",
  "requests_write",
  "egress_bytes",
  "ingress_bytes",
] as const;

/** A month by hour and bucket, for spreadsheets and programs: names and numbers are the same in any language. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const month = monthOfQuery(Object.fromEntries(args.url.searchParams));
    const hours = readUsageByHour(context, month);
    return csvDownload(`usage-${args.params.account}-${month}.csv`, columns, rowsOf(hours));
  });
}

async function* rowsOf(batches: ReturnType<typeof readUsageByHour>) {
  for await (const hours of batches) {
    yield hours.map((row) => [
      row.hour,
      row.bucket,
      row.storedBytes,
      row.objects,
      row.requestsRead,
      row.requestsWrite,
      row.egressBytes,
      row.ingressBytes,
    ]);
  }
}
