import { finishVisit } from "#app/http/sign-in-providers/finish-visit.server.ts";
import { ProviderFailure } from "#app/ui/sign-in/provider-failure.tsx";
import type { Route } from "./+types/provider-callback";

/**
 * Where a provider sends people back to: the one GET that changes something, as OAuth 2.0 wants it. That it belongs to a
 * visit which this browser began is what the cross-site check is elsewhere.
 */
export function loader(args: Route.LoaderArgs) {
  return finishVisit(args);
}

export default function ComeBackFromProvider({ loaderData }: Route.ComponentProps) {
  return <ProviderFailure failure={loaderData} />;
}
