/** What a check of the global properties found, and what to do about it. */
export interface FindingWords {
  readonly message: string;
  readonly nextStep: string;
}

const copyTenantId = 'Kopieren Sie in Entra „Verzeichnis-ID (Mandant)“ von der Übersichtsseite der App-Registrierung.';
const checkIds = 'Vergleichen Sie sie in Entra mit der Übersichtsseite der App-Registrierung';

/** By the code that the API gives each finding beside its English words. */
export const findingWordsDe: Readonly<Record<string, FindingWords>> = {
  'settings-work': {
    message: 'Microsoft nimmt Mandanten-ID, Client-ID und geheimen Clientschlüssel an.',
    nextStep:
      'Lassen Sie Mailroom einmal von jemandem genehmigen, der Microsoft 365 verwaltet, über die Seite der Zustimmung; die meisten Organisationen lassen niemanden für sich selbst zustimmen. Fügen Sie dann ein Konto hinzu.',
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
    nextStep: `${checkIds}, und prüfen Sie, ob die richtige Cloud eingestellt ist.`,
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
  'app-misconfigured': {
    message: 'Die App-Registrierung ist nicht so eingerichtet, wie Mailroom sie braucht.',
    nextStep: 'Vergleichen Sie ihre Berechtigungen und ihre Plattform („Web“) mit dem, was hier daneben steht.',
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
