import { readUsagePage } from "#app/domain/usage/read-usage-page.ts";
import { byMethod, respond } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/usage";

export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    const { month, summary, buckets, days } = await readUsagePage(
      context,
      Object.fromEntries(args.url.searchParams),
    );
    return { month, ...summary, buckets, days };
  });
}

export function action(args: Route.ActionArgs) {
  return byMethod(args, {});
}
