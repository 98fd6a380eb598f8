import { DomainError } from "#app/domain/errors.ts";
import { problem } from "#app/http/errors.server.ts";
import type { Route } from "./+types/not-found";

export function loader({ context }: Route.LoaderArgs) {
  return problem(new DomainError("not-found"), context);
}

export function action({ context }: Route.ActionArgs) {
  return problem(new DomainError("not-found"), context);
}
