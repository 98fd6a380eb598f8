import type { EmailMessage, EmailValues } from "./messages.ts";

const providerName = "Nuvem São João";
const accountName = "Padaria Três Irmãos";
const accountUrl = "https://console.example.com/accounts/padaria-tres-irmaos";

/** Made-up values for each message, as its preview and its tests show it. */
export const emailSamples: { [M in EmailMessage]: EmailValues<M> } = {
  "verify-email": {
    providerName,
    verificationUrl:
      "https://console.example.com/verify-email/3q2-7wAAAAC9K1d0b2tlbi1vZi0yNTYtYml0cy1pbi1iYXNlNjQ",
    linkValidHours: 24,
  },
  "sign-up-attempt": {
    providerName,
    signInUrl: "https://console.example.com/login",
  },
  "account-submitted": {
    providerName,
    submittedByName: "Conceição Araújo",
    accountName,
    reviewUrl: "https://console.example.com/admin/accounts/0198c2f4-7d1e-7c3a-9b1f-2f6f0c8d5e11",
  },
  "account-approved": { providerName, recipientName: "Conceição Araújo", accountName, accountUrl },
  "account-rejected": {
    providerName,
    recipientName: "Conceição Araújo",
    accountName,
    reason:
      "O CNPJ informado está baixado na Receita Federal.\n\nSe houve engano, envie o comprovante de inscrição.",
    accountUrl,
  },
  "storage-changed-elsewhere": {
    providerName,
    recipientName: "Conceição Araújo",
    accountName,
    findingsUrl: `${accountUrl}/reconciliation`,
  },
};
