import { toString as toQrCode } from "qrcode";
import { db } from "#app/ports/db.server.ts";
import { authorize } from "../../authorization.ts";
import { type Context, userIdOf } from "../../context.ts";
import { readRequirement } from "./requirement.ts";
import { openSecret, sealSecret } from "./secret.ts";
import { newSecret, setupUri } from "./totp.ts";

/** What somebody needs to set up a second factor. The page with it is the only one that shows the secret. */
export interface SecondFactorOffer {
  /** In groups of four, to be typed. */
  secret: string;
  /** For an app on the same device. */
  uri: string;
  /** The same as a picture: an SVG, as a `data:` URL. */
  qrCode: string;
  /** The secret for the form, encrypted: nothing is written down before a code has confirmed it. */
  sealedSecret: string;
  /** There is one already, which this one takes the place of. */
  replaces: boolean;
}

/**
 * Offers a new second factor. `sealedSecret` is one that was offered before: the app may have it already, so it is
 * offered again. One that does not open, or is the person's second factor by now, is as if it were not there.
 */
export async function offerSecondFactor(context: Context, sealedSecret?: unknown) {
  authorize(context, "users:enable-second-factor");
  const userId = userIdOf(context);
  const [user, requirement] = await Promise.all([
    db.user.findUniqueOrThrow({
      where: { id: userId },
      select: { email: true, secondFactor: { select: { secretEncrypted: true } } },
    }),
    readRequirement(userId),
  ]);
  const present = user.secondFactor && openSecret(user.secondFactor.secretEncrypted, userId);
  const offered = openedAgain(sealedSecret, userId);
  const secret = offered && offered !== present ? offered : newSecret();
  const uri = setupUri(secret, user.email);
  const offer: SecondFactorOffer = {
    secret: secret.replace(/.{4}(?=.)/g, "$& "),
    uri,
    qrCode: await drawQrCode(uri),
    sealedSecret: sealSecret(secret, userId),
    replaces: present !== null,
  };
  return { offer, requirement };
}

function openedAgain(sealed: unknown, userId: string): string | null {
  if (typeof sealed !== "string" || !sealed) return null;
  try {
    return openSecret(sealed, userId);
  } catch {
    return null;
  }
}

/** Black on white with its quiet zone, whatever the page's colours are: scanners want it so. */
async function drawQrCode(text: string): Promise<string> {
  const svg = await toQrCode(text, { type: "svg", errorCorrectionLevel: "M", margin: 4 });
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
