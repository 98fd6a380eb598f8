import { DomainError } from "#app/domain/errors.ts";

/** Which rule an address is about: its place in the list, from 1. Throws `not-found` where it names none. */
export function positionOf({ searchParams }: URL): number {
  const position = searchParams.get("position") ?? "";
  if (!/^[1-9]\d{0,2}$/.test(position)) throw new DomainError("not-found");
  return Number(position);
}
