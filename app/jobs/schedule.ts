import type { Schedule } from "#app/ports/jobs.server.ts";

/** What runs by the clock, in UTC. */
export const schedules: readonly Schedule[] = [
  { queue: "settle-access-keys", cron: "* * * * *" },
  { queue: "settle-rotations", cron: "* * * * *" },
  // Past the hour, when the engine has flushed the hour's counters.
  { queue: "collect-usage", cron: "5 * * * *" },
  // Half an hour after usage: the engine answers one of them at a time.
  { queue: "reconcile", cron: "35 * * * *" },
  { queue: "purge-expired", cron: "30 3 * * *" },
  { queue: "purge-mail", cron: "40 3 * * *" },
  { queue: "purge-notifications", cron: "45 3 * * *" },
  { queue: "purge-invitations", cron: "50 3 * * *" },
  { queue: "purge-surveys", cron: "55 3 * * *" },
  // At eight in the morning in Brazil: somebody is there to do something about it.
  { queue: "warn-of-expiry", cron: "0 11 * * *" },
];
