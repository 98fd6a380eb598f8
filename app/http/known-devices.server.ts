import { z } from "zod";
import { knownDevice } from "#app/domain/identity/schema.ts";
import type { KnownDevice } from "#app/domain/identity/throttling/sign-in-throttle.ts";
import { newToken } from "#app/domain/identity/token.ts";
import { env } from "#app/ports/env.server.ts";
import { hostCookie } from "./host-cookie.server.ts";

/** The longest that a browser keeps a cookie (RFC 6265bis, 5.6.2). */
const maxAgeSeconds = 400 * 86_400;
/** People who share a browser; the one who has not signed in for longest is forgotten. */
const peopleAtMost = 5;

/**
 * Who has signed in with this browser before. It opens nothing: it only keeps what others try with somebody's address
 * from counting against that person here (OWASP, "device cookies"). It outlives the session, and signing out.
 */
const devicesCookie = hostCookie("devices", {
  secrets: env.SESSION_SECRETS,
  maxAge: maxAgeSeconds,
});

const devicesSchema = z.array(knownDevice).max(peopleAtMost);

/** As the cookie says; none where its signature is not ours. */
export async function readKnownDevices(request: Request): Promise<KnownDevice[]> {
  const value: unknown = await devicesCookie.parse(request.headers.get("Cookie")).catch(() => null);
  return devicesSchema.safeParse(value).data ?? [];
}

/** Adds to the answer that this person has signed in with this browser. */
export async function withKnownDevice(
  response: Response,
  request: Request,
  userId: string,
): Promise<Response> {
  const known = await readKnownDevices(request);
  const own = known.find((device) => device.userId === userId) ?? { userId, deviceId: newToken() };
  const others = known.filter((device) => device.userId !== userId);
  const devices = [own, ...others].slice(0, peopleAtMost);
  response.headers.append("Set-Cookie", await devicesCookie.serialize(devices));
  return response;
}
