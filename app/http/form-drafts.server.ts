import type { RouterContextProvider } from "react-router";
import {
  draftMinutes,
  findFormDraft,
  forgetFormDraft,
  keepFormDraft,
} from "#app/domain/identity/drafts/form-drafts.ts";
import { env } from "#app/ports/env.server.ts";
import type { RestoredForm } from "#app/ui/root-data.ts";
import { bodyContext, requestContext, uploadContext, visitContext } from "./context.ts";
import { leaveFlash } from "./flash.server.ts";
import { isSecretField, parseForm } from "./forms.server.ts";
import { hostCookie } from "./host-cookie.server.ts";
import { translator } from "./i18n.server.ts";

// A form that is posted with a session that is over, or that somebody must prove again who they are for, is not lost:
// it is kept for a while and stands in its page, filled in and not sent, when the same person is back.

type RouteContext = Readonly<RouterContextProvider>;

/** Holds the draft's id: who has no such cookie costs no query. */
const draftCookie = hostCookie("form-draft", {
  secrets: env.SESSION_SECRETS,
  maxAge: draftMinutes * 60,
});

/**
 * Before somebody is sent on a detour (to sign in, to prove again who they are): keeps the form that they posted, and
 * has the page that they are sent to say so. Nothing where there is none, or none that could be kept.
 *
 * @param userId whose it is: of the session, also of one that is over
 */
export async function keepPostedForm(
  response: Response,
  context: RouteContext,
  userId: string,
): Promise<void> {
  const { path } = context.get(requestContext);
  // Without its files a form that sends some is not worth keeping, and reading it would be reading them.
  if (context.get(uploadContext)) return;
  const form = await context
    .get(bodyContext)
    ?.form()
    .catch(() => null);
  if (!form || !path || !isReadable(form)) return;
  const id = await keepFormDraft(userId, { path, fields: textFieldsOf(form) });
  if (!id) return;
  const text = translator(context)("common.draft.kept", { minutes: draftMinutes });
  response.headers.append("Set-Cookie", await draftCookie.serialize(id));
  response.headers.append("Set-Cookie", await leaveFlash({ tone: "info", text }));
}

function isReadable(form: FormData): boolean {
  try {
    parseForm(form);
    return true;
  } catch {
    return false;
  }
}

/** No files, and nothing secret. */
function textFieldsOf(form: FormData): [string, string][] {
  return [...form].filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && !isSecretField(entry[0]),
  );
}

/** What waits to be sent, for the person who is signed in; null for everybody else. */
export async function readRestoredForm(
  request: Request,
  context: RouteContext,
): Promise<RestoredForm | null> {
  const { user } = context.get(visitContext);
  const id = user && (await readDraftId(request));
  const draft = id ? await findFormDraft(id, user.userId) : null;
  if (!draft) return null;
  const form = new FormData();
  for (const [name, value] of draft.fields) form.append(name, value);
  return { path: draft.path, values: parseForm(form).payload };
}

/** After a form was posted and answered: what was kept of it is not shown again. */
export async function forgetPostedForm(
  request: Request,
  context: RouteContext,
  response: Response,
): Promise<void> {
  const { user } = context.get(visitContext);
  const { path } = context.get(requestContext);
  // What failed on our side can be sent again.
  if (!user || !path || response.status >= 500) return;
  const id = await readDraftId(request);
  if (!id || !(await forgetFormDraft(id, user.userId, path))) return;
  response.headers.append("Set-Cookie", await draftCookie.serialize("", { maxAge: 0 }));
}

async function readDraftId(request: Request): Promise<string | null> {
  const id: unknown = await draftCookie.parse(request.headers.get("Cookie")).catch(() => null);
  return typeof id === "string" && id !== "" ? id : null;
}
