import { useTranslation } from "react-i18next";
import { CodeBlock } from "#app/ui/layout/code-block.tsx";
import { Section } from "#app/ui/layout/section.tsx";

/** The checks of the connection test as commands: the person's network is not the server's. */
export function OwnMachine({ endpoint, bucket }: { endpoint: string; bucket: string }) {
  const { t } = useTranslation();
  const { protocol, hostname, port } = new URL(endpoint);
  const isTls = protocol === "https:";
  const place = `${hostname}:${port || (isTls ? "443" : "80")}`;
  const checks = [
    { key: "name", command: `nslookup ${hostname}` },
    { key: "connection", command: `curl --verbose --max-time 10 --output /dev/null ${endpoint}` },
    ...(isTls
      ? [
          {
            key: "certificate",
            command: `openssl s_client -connect ${place} -servername ${hostname} </dev/null | openssl x509 -noout -subject -issuer -dates`,
          } as const,
        ]
      : []),
    {
      key: "clock",
      command: `curl --silent --head --max-time 10 ${endpoint} | grep -i '^date:'; date -u`,
    },
    {
      key: "signature",
      command: `aws --profile balde --endpoint-url ${endpoint} s3 ls s3://${bucket}`,
    },
  ] as const;
  return (
    <Section title={t("keySettings.test.own.title")} description={t("keySettings.test.own.text")}>
      <div className="space-y-4">
        {checks.map(({ key, command }) => (
          <CodeBlock key={key} label={t(`keySettings.test.own.${key}`)} code={command} />
        ))}
      </div>
    </Section>
  );
}
