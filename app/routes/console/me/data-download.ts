import { exportData } from "#app/domain/people/export-data.ts";
import { load } from "#app/http/handlers.server.ts";
import { jsonDownload } from "#app/http/json-download.server.ts";
import type { Route } from "./+types/data-download";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => jsonDownload("balde.json", await exportData(context)));
}
