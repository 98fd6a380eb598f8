import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { readSecurity } from "#app/domain/identity/second-factor/read-security.ts";
import { isRequired } from "#app/domain/identity/second-factor/requirement.ts";
import { load } from "#app/http/handlers.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { RequiredNotice } from "#app/ui/identity/required-notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/security";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const { recoveryCodeSetId: _, ...security } = await readSecurity(context);
    return { ...security, isRequired: isRequired(security.requirement) };
  });
}

export default function SecurityOverview({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { email, hasPassword, secondFactorSince, requirement, identities, sessions } = loaderData;
  return (
    <>
      <PageHeader title={t("secondFactor.security.title")} description={t("secondFactor.security.intro")} />
      {loaderData.isRequired && !secondFactorSince && (
        <div className="mb-8">
          <RequiredNotice requirement={requirement} />
        </div>
      )}
      <Section title={t("secondFactor.security.signIn")}>
        <Card>
          <ul className="divide-y divide-line">
            <Way
              name={t("auth.email")}
              details={email}
              actions={<ButtonLink to="/me/email">{t("secondFactor.security.changeEmail")}</ButtonLink>}
            />
            <Way
              name={t("auth.password")}
              details={t(
                hasPassword ? "secondFactor.security.hasPassword" : "secondFactor.security.noPassword",
              )}
              actions={
                <ButtonLink to="/me/security/password">
                  {t(
                    hasPassword
                      ? "secondFactor.security.changePassword"
                      : "secondFactor.security.setPassword",
                  )}
                </ButtonLink>
              }
            />
            <SecondFactor {...loaderData} />
            <Way
              name={t("secondFactor.security.identities")}
              details={
                identities.length > 0
                  ? identities.map(({ name, label }) => `${name} (${label})`).join(", ")
                  : t("secondFactor.security.noIdentities")
              }
              actions={
                <ButtonLink to="/me/security/identities">
                  {t("secondFactor.security.manageIdentities")}
                </ButtonLink>
              }
            />
          </ul>
        </Card>
      </Section>
      <Section
        title={t("secondFactor.security.sessions")}
        description={t("secondFactor.security.sessionsText", { count: sessions })}
      >
        <ButtonLink to="/me/sessions">{t("secondFactor.security.seeSessions")}</ButtonLink>
      </Section>
    </>
  );
}

/** The second factor and the codes that stand in for it. */
function SecondFactor(props: Route.ComponentProps["loaderData"]) {
  const { t } = useTranslation();
  const { secondFactorSince, recoveryCodesLeft, isRequired } = props;
  const name = t("secondFactor.security.secondFactor");
  if (!secondFactorSince) {
    return (
      <Way
        name={name}
        tag={<StateTag tone="warning">{t("secondFactor.security.off")}</StateTag>}
        details={t("secondFactor.security.offText")}
        actions={
          <ButtonLink variant="primary" to="/me/security/second-factor/new">
            {t("secondFactor.security.setUp")}
          </ButtonLink>
        }
      />
    );
  }
  return (
    <>
      <Way
        name={name}
        tag={<StateTag tone="success">{t("secondFactor.security.on")}</StateTag>}
        details={
          <>
            {t("secondFactor.security.since")} <Timestamp at={secondFactorSince} />
          </>
        }
        actions={
          <>
            <ButtonLink to="/me/security/second-factor/new">{t("secondFactor.security.replace")}</ButtonLink>
            {!isRequired && (
              <ButtonLink to="/me/security/second-factor/removal">
                {t("secondFactor.removal.link")}
              </ButtonLink>
            )}
          </>
        }
      />
      <Way
        name={t("secondFactor.security.recoveryCodes")}
        tag={
          recoveryCodesLeft < 3 && <StateTag tone="warning">{t("secondFactor.security.fewLeft")}</StateTag>
        }
        details={t("secondFactor.security.codesLeft", { count: recoveryCodesLeft })}
        actions={
          <ButtonLink to="/me/security/second-factor/recovery-codes">
            {t("secondFactor.renewal.link")}
          </ButtonLink>
        }
      />
    </>
  );
}

interface WayProps {
  name: string;
  tag?: ReactNode;
  details: ReactNode;
  actions: ReactNode;
}

/** One way to prove who one is: how it stands, and what can be done with it. */
function Way({ name, tag, details, actions }: WayProps) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4 first:pt-0 last:pb-0">
      <div className="min-w-0 grow basis-64">
        <div className="flex flex-wrap items-center gap-x-3">
          <h3 className="text-base">{name}</h3>
          {tag}
        </div>
        <p className="text-muted">{details}</p>
      </div>
      <div className="flex flex-wrap gap-2">{actions}</div>
    </li>
  );
}
