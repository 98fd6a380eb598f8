import { data, href, redirect } from "react-router";
import { findExampleBucket } from "#app/domain/access-keys/example-bucket.ts";
import { readLastUse } from "#app/domain/access-keys/last-use.ts";
import { publicEndpoint } from "#app/domain/access-keys/public-endpoint.ts";
import { getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { authorize, can } from "#app/domain/authorization.ts";
import type { Context } from "#app/domain/context.ts";
import { DomainError } from "#app/domain/errors.ts";
import { readExtensionChoices, readStartChoices } from "#app/domain/rotations/read-choices.ts";
import { findRotation, type RotationOfKey } from "#app/domain/rotations/read-rotations.ts";
import { startRotationInput } from "#app/domain/rotations/schema.ts";
import { startRotation } from "#app/domain/rotations/start-rotation.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { CreatedKey } from "../created-key.tsx";
import { keyInShort } from "../key-in-short.tsx";
import type { Route } from "./+types/rotation";
import { AlreadyStarted } from "./already-started.tsx";
import { NextSteps } from "./next-steps.tsx";
import { Progress } from "./progress.tsx";
import { StartForm } from "./start-form.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const rotation = await findRotation(context, uuidOr404(args.params.key));
    if (rotation?.state === "running" && rotation.role === "new") {
      const key = rotation.oldKey.id;
      throw redirect(href("/accounts/:account/access-keys/:key/rotation", { ...args.params, key }));
    }
    const isShown = rotation?.role === "old" && rotation.state !== "undone";
    return isShown
      ? { progress: await readProgress(context, rotation) }
      : { start: await readStart(context, args.params) };
  });
}

async function readProgress(context: Context, rotation: RotationOfKey) {
  const { oldKey, newKey, isOpen } = rotation;
  const isActive = context.access.accountState === "active";
  const [uses, bounds, standing] = await Promise.all([
    readLastUse(context, [oldKey.id, newKey.id]),
    readExtensionChoices(context, rotation),
    isActive ? null : getAccount(context),
  ]);
  const isExtensible = bounds.earliestDay <= bounds.latestDay;
  return {
    rotation,
    uses: { old: uses.get(oldKey.id), new: uses.get(newKey.id) },
    can: {
      extend: isOpen && isExtensible && isActive && can(context, "access-keys:extend-rotation"),
      finish: isOpen && can(context, "access-keys:finish-rotation"),
      undo: isOpen && can(context, "access-keys:undo-rotation"),
    },
    standing,
  };
}

async function readStart(context: Context, params: Route.LoaderArgs["params"]) {
  authorize(context, "access-keys:rotate");
  const key = await getAccessKey(context, params.key);
  // Its page says how it stands.
  if (key.state !== "active") throw redirect(href("/accounts/:account/access-keys/:key", params));
  const choices = await readStartChoices(context, key);
  const { days } = choices.bounds;
  const form = formOf(startRotationInput, {
    name: key.name,
    overlap: days.includes("7") ? "7" : (days.at(-1) ?? "date"),
    requestId: crypto.randomUUID(),
    ...(choices.expiresOn ? { expiresOn: choices.expiresOn } : {}),
  });
  return { form, choices, accessKey: keyInShort(key) };
}

/** The answer to the POST is the one page that holds the secret: no redirect, and nothing to come back to. */
export function action(args: Route.ActionArgs) {
  return submitWith(
    args,
    async (context, input) => {
      const id = uuidOr404(args.params.key);
      const created = await startRotation(context, { ...input, id }).catch(nullIfShown);
      if (!created) return null;
      const bucket = await findExampleBucket(context, await getAccessKey(context, created.id));
      const { accessKeyId, secretAccessKey } = created;
      return { created, connection: { ...publicEndpoint(), bucket, accessKeyId, secretAccessKey } };
    },
    (started) => data({ started }, { status: started ? 201 : 409 }),
  );
}

function nullIfShown(error: unknown): null {
  if (!(error instanceof DomainError) || error.code !== "secret-already-shown") throw error;
  return null;
}

export default function Rotation({ loaderData, actionData, params }: Route.ComponentProps) {
  if (actionData && "started" in actionData) {
    const { started } = actionData;
    if (!started) return <AlreadyStarted params={params} />;
    const next = <NextSteps until={started.created.until} params={params} />;
    return <CreatedKey {...started} params={params} next={next} />;
  }
  if (loaderData.progress) return <Progress {...loaderData.progress} params={params} />;
  return <StartForm {...loaderData.start} refusal={actionData} params={params} />;
}
