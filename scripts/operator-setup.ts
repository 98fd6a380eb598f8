// Prints the one-time link that makes the first operator, or nothing once there is one.
import { issueSetupToken } from "#app/domain/identity/staff/setup-token.ts";
import { db } from "#app/ports/db.server.ts";
import { env } from "#app/ports/env.server.ts";

const token = await issueSetupToken();
if (token) console.log(new URL(`/setup/${token}`, env.PUBLIC_URL).href);
await db.$disconnect();
