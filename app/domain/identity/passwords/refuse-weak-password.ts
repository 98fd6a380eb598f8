import { isBreached } from "#app/ports/breached-passwords.server.ts";
import { env } from "#app/ports/env.server.ts";
import { InvalidInput } from "../../errors.ts";
import { core, foldCase, isCommonPassword } from "./common-passwords.ts";

/** Who chooses a password, as far as they are known: what others guess first. */
export interface PasswordOwner {
  email: string;
  name: string;
  /** Names of their accounts. */
  accountNames?: readonly string[];
}

/**
 * Refuses a new password that is easily guessed, with words for its field: a common one (ASVS 6.2.4), one made of
 * context words (6.2.11), and where a service is configured one that is known from a breach (6.2.12).
 *
 * The context words are the service's name and host (`balde`, MAIL_FROM, PUBLIC_URL) and the person's own: name,
 * address, names of their accounts. A long sentence may hold one; what is left without them must not be a guess.
 *
 * @param field the name of the form's field
 */
export async function refuseWeakPassword(
  password: string,
  owner: PasswordOwner,
  field = "password",
): Promise<void> {
  const refuse = (message: string) => new InvalidInput([{ path: [field], message, params: {} }]);
  if (isCommonPassword(password)) throw refuse("passwordCommon");
  if (isMadeOf(password, contextWords(owner))) throw refuse("passwordAboutYou");
  if (await isBreached(password)) throw refuse("passwordBreached");
}

/** Fewer than this, without the context words, are no secret. */
const leastOfItsOwn = 6;

function isMadeOf(password: string, words: string[]): boolean {
  const folded = foldCase(password);
  const left = words.reduce((text, word) => text.replaceAll(word, ""), folded);
  if (left === folded) return false;
  const own = core(left);
  return own.length < leastOfItsOwn || !/\p{Letter}/u.test(own) || isCommonPassword(own);
}

/** Longest first, so that a short word does not break up a longer one. */
function contextWords({ email, name, accountNames = [] }: PasswordOwner): string[] {
  const service = wordsOf(["balde", env.MAIL_FROM, new URL(env.PUBLIC_URL).hostname], 4);
  const person = wordsOf([email, name, ...accountNames], 3);
  return [...new Set([...service, ...person])].sort((a, b) => b.length - a.length);
}

function wordsOf(texts: string[], shortest: number): string[] {
  const words = texts.flatMap((text) => foldCase(text).split(/[^\p{Letter}\p{Number}]+/u));
  return words.filter((word) => word.length >= shortest);
}
