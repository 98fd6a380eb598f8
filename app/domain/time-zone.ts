/**
 * The installation's time zone (IANA): pages show times in it, a key's last day ends in it, and it cuts usage
 * into days and billing months. Usage itself is kept by UTC hour, so a zone must differ from UTC by whole hours.
 *
 * Apart from everything that needs a server, so that pages can name it.
 */
export const timeZone = "America/Sao_Paulo";
