/** What the API advises programs: where the ids of what was not found are listed, and to read what the page reads by itself. */
const adviceToClients = / (?:Take (?:the id|its id|them) from [^.]*|Read it again)\.$/;

/** Words of the API for a person at a page, who entered no id. */
export function withoutAdviceToClients(detail: string): string {
  return detail.replace(adviceToClients, '');
}
