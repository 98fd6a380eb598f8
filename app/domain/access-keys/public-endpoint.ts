import { env } from "#app/ports/env.server.ts";

/** Where clients reach the storage, and the region that they sign for. */
export function publicEndpoint(): { endpoint: string; region: string } {
  return { endpoint: env.STORAGE_PUBLIC_ENDPOINT, region: env.STORAGE_REGION };
}
