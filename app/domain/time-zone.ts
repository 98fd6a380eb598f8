/**
 * The installation's time zone (IANA): a key's last day ends in it, it cuts usage into days and billing months, and
 * pages show times in it to who has chosen no other. Usage itself is kept by UTC hour, so a zone must differ from UTC by whole hours.
 *
 * Apart from everything that needs a server, so that pages can name it.
 */
export const timeZone = "America/Sao_Paulo";
