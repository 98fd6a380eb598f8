import { getFinding } from "#app/domain/reconciliation/read-findings.ts";
import { load } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { FindingDetails } from "#app/ui/reconciliation/finding-details.tsx";
import type { Route } from "./+types/finding";
import { findingAddresses } from "./addresses.ts";

// The same page in the console and in the operators' area: the layout around it says who may see it.

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    finding: await getFinding(context, uuidOr404(args.params.finding)),
    addresses: await findingAddresses(context, args.url),
  }));
}

export default function Finding({ loaderData: { finding, addresses } }: Route.ComponentProps) {
  return <FindingDetails finding={finding} addresses={addresses} />;
}
