import { href, redirect } from "react-router";
import { type AccessKeyListed, getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { type Action, authorize } from "#app/domain/authorization.ts";
import type { Context } from "#app/domain/context.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { keyInShort } from "./key-in-short.tsx";

type State = AccessKeyListed["state"];
type KeyArgs = Parameters<typeof submitWith>[0] & { params: { account: string; key: string } };

/** For the loaders of the pages that ask before something is done with a key. */
export function loadKey(args: KeyArgs, action: Action, isPossible: (state: State) => boolean) {
  return load(args, async (context) => {
    authorize(context, action);
    const key = await getAccessKey(context, uuidOr404(args.params.key));
    // Nothing left to do; the key's page says how it stands.
    if (!isPossible(key.state)) throw redirect(href("/accounts/:account/access-keys/:key", args.params));
    return keyInShort(key);
  });
}

/** For their actions: does it, and goes back to the key's page, which says where the engine has not confirmed it. */
export function submitKey<Reached extends State>(
  args: KeyArgs,
  command: (context: Context, input: { id: string }) => Promise<{ state: Reached }>,
  done: { state: NoInfer<Reached>; text: string },
) {
  const page = href("/accounts/:account/access-keys/:key", args.params);
  return submitWith(
    args,
    (context) => command(context, { id: uuidOr404(args.params.key) }),
    ({ state }) => (state === done.state ? redirectWithFlash(page, done.text) : redirect(page)),
  );
}
