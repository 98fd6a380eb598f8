import { redirect } from "react-router";
import { DomainError } from "#app/domain/errors.ts";
import { postedForm } from "../handlers.server.ts";
import { withReturnTo } from "../session.server.ts";
import type { Attempt } from "./attempts.server.ts";
import { failureOnPage } from "./finish-visit.server.ts";
import { leaveForProvider, returnToIn, type VisitArgs, visitFrom } from "./visits.server.ts";

/** Leads to a provider for what the posted form says, or says on a page why not. */
export async function beginVisit(args: VisitArgs) {
  const form = await postedForm(args);
  let attempt: Attempt | null = null;
  try {
    attempt = visitFrom(args, form);
    return await leaveForProvider(args, attempt);
  } catch (error) {
    // From there to the page that the form stands on: this address takes forms alone.
    if (error instanceof DomainError && error.code === "reauthentication-required")
      throw redirect(withReturnTo("/reauthentication", returnToIn(form)));
    return failureOnPage(error, args, attempt);
  }
}
