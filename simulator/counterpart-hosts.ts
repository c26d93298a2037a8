/** Microsoft's hosts of Graph, each with its host of Entra. */
const LOGIN_HOSTS: ReadonlyMap<string, string> = new Map([
  ['graph.microsoft.com', 'login.microsoftonline.com'],
  ['graph.microsoft.us', 'login.microsoftonline.us'],
  ['dod-graph.microsoft.us', 'login.microsoftonline.us'],
  ['microsoftgraph.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
]);
/** Microsoft's hosts of Graph, each with the one that takes the bytes of large attachments. */
const OUTLOOK_HOSTS: ReadonlyMap<string, string> = new Map([
  ['graph.microsoft.com', 'outlook.office.com'],
  ['graph.microsoft.us', 'outlook.office365.us'],
]);
const GRAPH_HOSTS: ReadonlyMap<string, string> = new Map(
  [...LOGIN_HOSTS].reverse().map(([graph, login]) => [login, graph]),
);

/** The origin of Entra for a client of Graph: the same, except where Microsoft has two host names. */
export function loginOrigin(graphOrigin: string): string {
  return withHost(graphOrigin, LOGIN_HOSTS);
}

/** The origin of Outlook for a client of Graph. */
export function outlookOrigin(graph: string): string {
  return withHost(graph, OUTLOOK_HOSTS);
}

/** The origin of Graph for a client of Entra. */
export function graphOrigin(login: string): string {
  return withHost(login, GRAPH_HOSTS);
}

function withHost(origin: string, counterparts: ReadonlyMap<string, string>): string {
  const url = new URL(origin);
  url.hostname = counterparts.get(url.hostname) ?? url.hostname;
  return url.origin;
}
