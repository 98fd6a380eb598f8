import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { DomainError } from "#app/domain/errors.ts";
import { listProviders, provenEmail, providerName } from "#app/domain/identity/providers/providers.ts";
import { acceptAsNewUser, acceptWithIdentity } from "#app/domain/invitations/accept-as-new-user.ts";
import { acceptInvitation } from "#app/domain/invitations/accept-invitation.ts";
import { findInvitation, type OpenInvitation } from "#app/domain/invitations/read-invitations.ts";
import { acceptAsNewUserInput } from "#app/domain/invitations/schema.ts";
import { visitContext } from "#app/http/context.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit, submitWith, withFlash } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { withKnownDevice } from "#app/http/known-devices.server.ts";
import { signedInRedirect, withReturnTo } from "#app/http/session.server.ts";
import {
  clearPendingIdentity,
  readPendingIdentity,
} from "#app/http/sign-in-providers/pending-identity.server.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { ErrorSummary } from "#app/ui/form/error-summary.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { ProviderButtons } from "#app/ui/sign-in/provider-buttons.tsx";
import type { Route } from "./+types/invitation";
import { InvitationHeader } from "./invitation-header.tsx";

/** Reading the link changes nothing: mail scanners follow links, too. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async () => {
    const { token } = args.params;
    const invitation = await findInvitation(token);
    if (!invitation) throw new DomainError("link-invalid");
    const { user } = args.context.get(visitContext);
    const identity = await pendingIdentity(args);
    const { email, account, role, providerRole, inviterName } = invitation;
    return {
      invitation: { email, accountName: account?.name ?? null, role, providerRole, inviterName },
      visitor: visitorOf(invitation, user?.email ?? null, identity && provenEmail(identity)),
      ownEmail: user?.email ?? null,
      identity: identity && { providerName: providerName(identity.provider), name: identity.name },
      providers: listProviders(),
      signIn: withReturnTo("/login", href("/invitations/:token", args.params)),
      form: formOf(acceptAsNewUserInput.omit({ token: true }), { name: identity?.name ?? "" }),
    };
  });
}

/** Who looks at an invitation, as far as it matters to it. Whether the address has a user is told to who has it alone. */
type Visitor = "invited" | "somebody-else" | "has-user" | "new" | "unproven";

function visitorOf(
  invitation: OpenInvitation,
  ownEmail: string | null,
  providersEmail: string | null,
): Visitor {
  if (ownEmail) return ownEmail === invitation.email ? "invited" : "somebody-else";
  if (!invitation.provesAddress && providersEmail !== invitation.email) return "unproven";
  return invitation.hasUser ? "has-user" : "new";
}

/** Who came from a provider a moment ago; null for who would rather choose a password. */
async function pendingIdentity({ request, url }: Pick<Route.LoaderArgs, "request" | "url">) {
  return url.searchParams.get("with") === "password" ? null : readPendingIdentity(request);
}

export async function action(args: Route.ActionArgs) {
  const { token } = args.params;
  const t = translator(args.context);
  const welcome = ({ account }: OpenInvitation) =>
    account ? t("members.invitation.done", { account: account.name }) : t("members.invitation.staffDone");
  if (args.context.get(visitContext).user) {
    return submit(
      args,
      acceptInvitation,
      ({ invitation }) => redirectWithFlash(homeOf(invitation), welcome(invitation)),
      { token },
    );
  }
  const identity = await pendingIdentity(args);
  return submitWith(
    args,
    (context, { name, password }) =>
      identity
        ? acceptWithIdentity(context, { token, name, identity })
        : acceptAsNewUser(context, { token, name, password }),
    async (joined) => {
      const response = await signedInRedirect(joined, homeOf(joined.invitation));
      if (identity) response.headers.append("Set-Cookie", await clearPendingIdentity());
      await withKnownDevice(response, args.request, joined.userId);
      return withFlash(response, welcome(joined.invitation));
    },
  );
}

/** Where the new part is. The staff is led on from there to set up a second factor. */
function homeOf({ account }: OpenInvitation): string {
  return account ? href("/accounts/:account", { account: account.slug }) : "/admin";
}

export default function Invitation({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { invitation, visitor, identity, providers, signIn } = loaderData;
  const { email } = invitation;
  const own = href("/invitations/:token", params);
  const decline = (
    <ButtonLink to={href("/invitations/:token/refusal", params)}>
      {t("members.invitation.decline")}
    </ButtonLink>
  );
  return (
    <AuthLayout>
      <ErrorSummary form={form} />
      <InvitationHeader invitation={invitation} invalid={!form.valid} />
      {visitor === "invited" && (
        <Buttons>
          <AppForm form={form}>
            <SubmitButton>{t("members.invitation.accept")}</SubmitButton>
          </AppForm>
          {decline}
        </Buttons>
      )}
      {visitor === "somebody-else" && (
        <div className="mt-6 space-y-4">
          <Notice
            tone="warning"
            title={t("members.invitation.other.title", { email: loaderData.ownEmail ?? "" })}
          >
            {t("members.invitation.other.text", { invited: email })}
          </Notice>
          <AppForm action="/logout" reloadDocument>
            <input type="hidden" name="returnTo" value={own} />
            <SubmitButton>{t("members.invitation.other.signOut")}</SubmitButton>
          </AppForm>
        </div>
      )}
      {visitor === "has-user" && (
        <Part
          title={t("members.invitation.existing.title")}
          text={t("members.invitation.existing.text", { email })}
        >
          <Buttons>
            <ButtonLink variant="primary" to={signIn}>
              {t("members.invitation.existing.signIn")}
            </ButtonLink>
            {decline}
          </Buttons>
        </Part>
      )}
      {visitor === "unproven" && (
        <Part
          title={t("members.invitation.unproven.title")}
          text={t("members.invitation.unproven.text", { email })}
        >
          <Buttons>
            <ButtonLink variant="primary" to={signIn}>
              {t("members.invitation.unproven.signIn")}
            </ButtonLink>
            <ButtonLink to={href("/invitations/:token/mail", params)}>
              {t("members.invitation.mail.link")}
            </ButtonLink>
            {decline}
          </Buttons>
        </Part>
      )}
      {visitor === "new" && (
        <Part title={t("members.invitation.new.title")} text={t("members.invitation.new.text", { email })}>
          <AppForm form={form} className="mt-5 space-y-5">
            <TextField field={fields.name} autoComplete="name" label={t("auth.name")} />
            {identity ? (
              <p>
                {t("members.invitation.new.withProvider", { provider: identity.providerName })}{" "}
                <Link to="?with=password">{t("members.invitation.new.password")}</Link>
              </p>
            ) : (
              <>
                {/* Password managers keep it with the address. */}
                <input type="hidden" autoComplete="username" value={email} readOnly />
                <PasswordField
                  field={fields.password}
                  autoComplete="new-password"
                  label={t("auth.password")}
                  hint={t("auth.passwordHint")}
                />
              </>
            )}
            <Buttons>
              <SubmitButton>{t("members.invitation.new.submit")}</SubmitButton> {decline}
            </Buttons>
          </AppForm>
          {!identity && <ProviderButtons providers={providers} returnTo={own} />}
        </Part>
      )}
    </AuthLayout>
  );
}

function Part({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className="mt-6 border-t border-line pt-5">
      <Section title={title}>
        <p className="break-words">{text}</p>
        {children}
      </Section>
    </div>
  );
}

function Buttons({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap gap-2">{children}</div>;
}
