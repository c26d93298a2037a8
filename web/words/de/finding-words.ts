/** What a check of the global properties found, and what to do about it. */
export interface FindingWords {
  readonly message: string;
  readonly nextStep: string;
}

const copyTenantId = 'Kopieren Sie in Entra „Verzeichnis-ID (Mandant)“ von der Übersichtsseite der App-Registrierung.';
const letThrough = 'Lassen Sie diesen Server login.microsoftonline.com und graph.microsoft.com unverändert erreichen.';
const checkIds = 'Vergleichen Sie sie in Entra mit der Übersichtsseite der App-Registrierung';

/** By the code of each finding. */
export const findingWordsDe: Readonly<Record<string, FindingWords>> = {
  'settings-work': {
    message: 'Microsoft nimmt Mandanten-ID, Client-ID und geheimen Clientschlüssel an.',
    nextStep:
      'Lassen Sie Mailroom einmal von einem Administrator von Microsoft 365 über die Zustimmungsseite genehmigen; in den meisten Organisationen dürfen Benutzer nicht selbst zustimmen. Fügen Sie dann ein Konto hinzu.',
  },
  'tenant-id-missing': { message: 'Die Mandanten-ID fehlt.', nextStep: copyTenantId },
  'client-id-missing': {
    message: 'Die Client-ID fehlt.',
    nextStep: 'Kopieren Sie in Entra „Anwendungs-ID (Client)“ von der Übersichtsseite der App-Registrierung.',
  },
  'client-secret-missing': {
    message: 'Der geheime Clientschlüssel fehlt.',
    nextStep:
      'Erzeugen Sie in Entra unter „Zertifikate & Geheimnisse“ der App-Registrierung einen und kopieren Sie seinen Wert.',
  },
  'tenant-id-malformed': {
    message: 'Die Mandanten-ID ist weder eine GUID noch eine Domäne.',
    nextStep: copyTenantId,
  },
  'tenant-id-shared': {
    message:
      '„common“, „organizations“ und „consumers“ stehen für viele Organisationen; Mailroom verbindet sich mit einer.',
    nextStep: copyTenantId,
  },
  'client-id-malformed': {
    message: 'Die Client-ID ist keine GUID.',
    nextStep:
      'Kopieren Sie in Entra „Anwendungs-ID (Client)“ und nicht den Namen von der Übersichtsseite der App-Registrierung.',
  },
  'ids-equal': { message: 'Client-ID und Mandanten-ID sind gleich.', nextStep: `${checkIds}; sie sind verschieden.` },
  'secret-looks-like-id': {
    message: 'Der geheime Clientschlüssel sieht aus wie die ID eines Schlüssels und nicht wie sein Wert.',
    nextStep:
      'Kopieren Sie unter „Zertifikate & Geheimnisse“ die Spalte „Wert“. Entra zeigt ihn nur einmal: Ist er verborgen, erzeugen Sie einen neuen.',
  },
  'tenant-not-found': {
    message: 'Microsoft kennt keine Organisation mit dieser ID.',
    nextStep: `${checkIds}: Vielleicht ist sie mit der Client-ID vertauscht. Prüfen Sie auch, ob die richtige Cloud eingestellt ist.`,
  },
  'app-not-found': {
    message: 'Die Organisation hat keine aktive App mit dieser Client-ID.',
    nextStep: `${checkIds}, und prüfen Sie, ob die App zu dieser Organisation gehört und die Anmeldung an ihr erlaubt ist.`,
  },
  'secret-wrong': {
    message: 'Microsoft nimmt den geheimen Clientschlüssel nicht an.',
    nextStep:
      'Erzeugen Sie unter „Zertifikate & Geheimnisse“ einen neuen und speichern Sie hier seinen Wert, nicht seine ID.',
  },
  'secret-expired': {
    message: 'Der geheime Clientschlüssel ist abgelaufen.',
    nextStep: 'Erzeugen Sie unter „Zertifikate & Geheimnisse“ einen neuen und speichern Sie hier seinen Wert.',
  },
  'client-certificate-missing': {
    message: 'Dieses Zertifikat gibt es nicht: Es wurde gelöscht, oder dieser Prozess hat keines in seinen Dateien.',
    nextStep:
      'Wählen Sie ein anderes, oder geben Sie jedem Prozess MICROSOFT_CERTIFICATE_FILE und MICROSOFT_CERTIFICATE_KEY_FILE.',
  },
  'client-certificate-refused': {
    message: 'Microsoft nimmt das Zertifikat nicht an.',
    nextStep:
      'Laden Sie es in Entra unter „Zertifikate & Geheimnisse > Zertifikate“ hoch, und vergleichen Sie die Fingerabdrücke. Bis ein neues überall gilt, können Minuten vergehen.',
  },
  'client-certificate-expired': {
    message: 'Das Zertifikat ist abgelaufen oder noch nicht gültig.',
    nextStep:
      'Erstellen Sie ein neues, laden Sie es in Entra unter „Zertifikate & Geheimnisse“ hoch und wählen Sie es aus.',
  },
  'app-misconfigured': {
    message: 'Die App-Registrierung ist nicht so eingerichtet, wie Mailroom sie braucht.',
    nextStep: 'Vergleichen Sie ihre Berechtigungen und ihre Plattform („Web“) mit dem, was hier daneben steht.',
  },
  'app-disabled': {
    message: 'Die Anmeldung an der App ist in Entra abgeschaltet.',
    nextStep: 'Schalten Sie sie unter „Unternehmensanwendungen > Eigenschaften“ der App wieder ein.',
  },
  'resource-disabled': {
    message: 'Microsoft Graph ist in der Organisation deaktiviert oder fehlt, oft weil ein Abonnement abgelaufen ist.',
    nextStep: 'Prüfen Sie die Abonnements und Microsoft Graph unter „Unternehmensanwendungen“ in Entra.',
  },
  'server-blocked-by-policy': {
    message: 'Eine Richtlinie für bedingten Zugriff verbietet den Zugriff von der Adresse dieses Servers.',
    nextStep:
      'Nehmen Sie die öffentliche Adresse dieses Servers in die benannten Standorte der Richtlinie auf, oder nehmen Sie die App davon aus.',
  },
  'blocked-by-policy': {
    message: 'Eine Richtlinie für bedingten Zugriff verbietet der App die Anmeldung.',
    nextStep:
      'Suchen Sie die Anmeldung in Entra unter „Anmeldeprotokolle > Dienstprinzipalanmeldungen“: Dort steht die Richtlinie.',
  },
  'clock-wrong': {
    message: 'Die Uhr dieses Servers geht falsch.',
    nextStep:
      'Synchronisieren Sie sie, am besten per NTP: Weicht sie mehr als fünf Minuten ab, misslingen Anmeldungen.',
  },
  'foreign-answer': {
    message:
      'Nicht Microsoft hat geantwortet, sondern etwas dazwischen, mit einer Webseite: ein Proxy, eine Firewall oder ein Portal.',
    nextStep: letThrough,
  },
  redirected: {
    message:
      'Nicht Microsoft hat geantwortet, sondern etwas dazwischen, mit einer Umleitung: ein Proxy oder ein Portal.',
    nextStep: letThrough,
  },
  'proxy-refused': {
    message: 'Der Proxy auf dem Weg zu Microsoft lehnt die Verbindung ab.',
    nextStep: 'Prüfen Sie HTTPS_PROXY samt Benutzername und Kennwort, und was der Proxy erlaubt.',
  },
  'proxy-unreachable': {
    message: 'Der Proxy auf dem Weg zu Microsoft ist nicht erreichbar.',
    nextStep: 'Prüfen Sie HTTPS_PROXY und NO_PROXY, und ob der Proxy läuft.',
  },
  'certificate-untrusted': {
    message:
      'Das vorgelegte Zertifikat für Microsoft stammt von einer Stelle, der dieser Server nicht vertraut: Der Verkehr wird mitgelesen.',
    nextStep:
      'Speichern Sie das Zertifikat dieser Stelle in einer Datei, und starten Sie Mailroom mit NODE_EXTRA_CA_CERTS und deren Namen.',
  },
  'certificate-expired': {
    message: 'Das vorgelegte Zertifikat für Microsoft ist abgelaufen oder noch nicht gültig.',
    nextStep: 'Prüfen Sie die Uhr dieses Servers und was seinen Verkehr mitliest (siehe NODE_EXTRA_CA_CERTS).',
  },
  'certificate-mismatch': {
    message: 'Das vorgelegte Zertifikat für Microsoft gilt für einen anderen Server.',
    nextStep: 'Prüfen Sie DNS, Proxy und Firewall dieses Servers.',
  },
  'login-throttled': {
    message: 'Microsoft hat gebeten, mit weiteren Versuchen zu warten; die Prüfung wurde deshalb nicht fertig.',
    nextStep: 'Prüfen Sie in ein paar Minuten noch einmal.',
  },
  'login-unreachable': {
    message: 'Der Anmeldedienst von Microsoft ist von hier nicht erreichbar, oder er ist gerade gestört.',
    nextStep: 'Prüfen Sie Netz, Proxy und Firewall dieses Servers, und dann noch einmal die Werte.',
  },
  'answer-unknown': {
    message: 'Microsoft weist die Werte aus einem Grund ab, den Mailroom nicht kennt.',
    nextStep: 'Suchen Sie die Referenz in der Dokumentation von Microsoft, oder fragen Sie dort nach.',
  },
};
