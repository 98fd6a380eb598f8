import { listAllFindings } from "#app/domain/reconciliation/read-findings.ts";
import { requestRun } from "#app/domain/reconciliation/request-check.ts";
import { byMethod, respond, respondTo } from "#app/http/handlers.server.ts";
import { signedInMiddleware, staffMiddleware } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/admin-findings";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware, staffMiddleware];

export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    const { findings, next } = await listAllFindings(context, Object.fromEntries(args.url.searchParams));
    return { findings, next };
  });
}

/** 202: has every account compared with the engine now. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, { post: () => respondTo(args, requestRun, { status: 202 }) });
}
