/** What the API advises programs: where ids are listed, and to read again, which pages do by themselves. */
const adviceToClients = / (?:Take (?:the id|its id|them) from [^.]*|Read it again)\.$/;

/** Words of the API for a person at a page, who entered no id. */
export function withoutAdviceToClients(detail: string): string {
  return detail.replace(adviceToClients, '');
}
