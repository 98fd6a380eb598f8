import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { findExampleBucket } from "#app/domain/access-keys/example-bucket.ts";
import { readLastUse } from "#app/domain/access-keys/last-use.ts";
import { publicEndpoint } from "#app/domain/access-keys/public-endpoint.ts";
import { getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { isStanding, isUnderWay } from "#app/domain/access-keys/states.ts";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import { findRotation } from "#app/domain/rotations/read-rotations.ts";
import { load } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { RotationNotice } from "#app/ui/access-keys/rotation-notice.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { AccountStanding } from "#app/ui/layout/account-standing.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import type { Route } from "./+types/access-key";
import { AccessKeyState } from "./access-key-state.tsx";
import { ConnectionSettings } from "./connection-settings.tsx";
import { KeyActions } from "./key-actions.tsx";
import { KeyDetails } from "./key-details.tsx";
import { KeyStanding } from "./key-standing.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const accessKey = await getAccessKey(context, uuidOr404(args.params.key));
    const { id, state } = accessKey;
    const [rotation, lastUses] = await Promise.all([
      findRotation(context, id),
      isStanding(state) ? readLastUse(context, [id]) : undefined,
    ]);
    const isActive = context.access.accountState === "active";
    return {
      accessKey,
      rotation,
      lastUse: lastUses?.get(id),
      can: {
        rotate:
          isActive &&
          state === "active" &&
          rotation?.state !== "running" &&
          can(context, "access-keys:rotate"),
        deactivate:
          (state === "active" || state === "reactivating") && can(context, "access-keys:deactivate"),
        reactivate:
          (state === "inactive" || state === "deactivating") && can(context, "access-keys:reactivate"),
        revoke: isStanding(state) && can(context, "access-keys:revoke"),
        test: can(context, "access-keys:test"),
      },
      connection: { ...publicEndpoint(), bucket: await findExampleBucket(context, accessKey) },
      standing: isActive ? null : await getAccount(context),
    };
  });
}

export default function AccessKey({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { accessKey, rotation, lastUse, connection, standing } = loaderData;
  const { name, state, accessKeyId } = accessKey;
  useRefreshWhile(isUnderWay(state));
  return (
    <>
      <PageHeader
        title={name}
        breadcrumbs={[{ label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) }]}
        tag={<AccessKeyState state={state} />}
        actions={<KeyActions can={loaderData.can} params={params} />}
      />
      {standing && <AccountStanding account={standing} />}
      <KeyStanding accessKey={accessKey} params={params} />
      <RotationNotice rotation={rotation} params={params} />
      <KeyDetails accessKey={accessKey} lastUse={lastUse} params={params} />
      {isStanding(state) && (
        <>
          {loaderData.can.test && (
            <Section
              title={t("keySettings.test.title")}
              description={t("keySettings.test.summary")}
              actions={
                <ButtonLink to={href("/accounts/:account/access-keys/:key/test", params)}>
                  {t("keySettings.test.link")}
                </ButtonLink>
              }
            >
              {null}
            </Section>
          )}
          <ConnectionSettings
            connection={{
              ...connection,
              accessKeyId,
              secretAccessKey: t("accessKeys.settings.secretPlaceholder"),
            }}
          />
        </>
      )}
    </>
  );
}
