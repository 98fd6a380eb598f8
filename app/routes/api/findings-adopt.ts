import { DomainError } from "#app/domain/errors.ts";
import { adoptFinding } from "#app/domain/reconciliation/decide-finding.ts";
import { getFinding } from "#app/domain/reconciliation/read-findings.ts";
import { byMethod, postedJson, respond } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/findings-adopt";

/** Nothing to read; a finding that is not there is said to be that first. */
export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    await getFinding(context, uuidOr404(args.params.finding));
    throw new DomainError("method-not-allowed");
  });
}

/** 202: it is done once reading the finding answers `closed`. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, {
    post: () =>
      respond(
        args,
        async (context) => {
          const input = { ...postedJson(args.context), findingId: uuidOr404(args.params.finding) };
          const { id, state } = await adoptFinding(context, input);
          return { id, state };
        },
        { status: 202 },
      ),
  });
}
