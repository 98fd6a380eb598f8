import { listFindings } from "#app/domain/reconciliation/read-findings.ts";
import { requestCheck } from "#app/domain/reconciliation/request-check.ts";
import { byMethod, respond, respondTo } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/findings";

export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    const { findings, next } = await listFindings(context, Object.fromEntries(args.url.searchParams));
    return { findings, next };
  });
}

/** 202: has the account compared with the engine now. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, { post: () => respondTo(args, requestCheck, { status: 202 }) });
}
